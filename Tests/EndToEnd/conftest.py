"""What the end-to-end tests share: a throw-away vault, and a server on it, both driven through the built program."""

import contextlib
import os
import select
import signal
import sqlite3
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

# So that its assertions tell as much as those of tests.
pytest.register_assert_rewrite("api_refusals")

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("COFFER_PROGRAM", REPOSITORY / ".build" / "debug" / "coffer"))
PASSPHRASE = "tiger umbrella velvet ladder"
LOWEST_KDF = ["--kdf-passes", "2", "--kdf-memory", "19"]
# What is said of such a vault where it is opened for longer than a command.
CHEAP = (
    "coffer: note: a guess at the passphrase costs less than by default: 19 MiB and 2 passes, not 256 MiB and 3 passes; "
    "'coffer passphrase change --kdf-memory 256 --kdf-passes 3' raises it\n")


@dataclass
class Vault:
    """One vault in a folder of its own, with the file that holds its passphrase."""

    folder: Path
    path: Path = field(init=False)
    passphrase_file: Path = field(init=False)

    def __post_init__(self):
        self.path = self.folder / "data" / "vault.coffer"
        self.passphrase_file = self.folder / "passphrase"
        self.write_passphrase(PASSPHRASE)

    def write_passphrase(self, passphrase):
        """Puts another passphrase where commands look for it."""
        self.passphrase_file.write_text(passphrase + "\n")
        self.passphrase_file.chmod(0o600)

    def environment(self, **changes):
        """The environment a command runs in: nothing of the caller's vault, and no way to ask."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("COFFER_", "XDG_"))}
        clean.update(COFFER_VAULT=str(self.path), COFFER_PASSPHRASE_FILE=str(self.passphrase_file), HOME=str(self.folder))
        clean.update(changes)
        return {k: v for k, v in clean.items() if v is not None}

    def run(self, *arguments, input=b"", env=None, timeout=300):
        """Runs `coffer ARGUMENTS` without a terminal. Output is bytes; nothing is checked."""
        if isinstance(input, str):
            input = input.encode()
        return subprocess.run(
            [PROGRAM, *map(str, arguments)],
            input=input, capture_output=True, timeout=timeout, start_new_session=True,
            env=self.environment(**(env or {})),
        )

    def start(self, *arguments):
        """Starts `coffer ARGUMENTS` without a terminal, and does not wait for it."""
        return subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, env=self.environment())

    def ok(self, *arguments, input=b"", env=None):
        """Runs `coffer ARGUMENTS`, which must succeed, and gives its standard output."""
        done = self.run(*arguments, input=input, env=env)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def init(self):
        self.ok("init", *LOWEST_KDF)
        return self

    def rows(self):
        """Every row of every table, to show that a refusal changed nothing."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as database:
            tables = [r[0] for r in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            return {t: database.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in tables}

    def rows_but_uses(self):
        """The same but for what a server notes beside its answers: when tokens were last used."""
        rows = self.rows()
        return rows | {"tokens": [row[:-1] for row in rows["tokens"]], "state": None}


@dataclass
class Server:
    """`coffer serve` on a free loopback port."""

    vault: Vault
    process: subprocess.Popen
    base: str
    token: str
    log: Path

    def request(self, method, path, token=..., headers=None, **more):
        """One request with this server's token, unless told another (None: none)."""
        headers = dict(headers or {})
        token = self.token if token is ... else token
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        return requests.request(method, self.base + path, headers=headers, timeout=30, **more)


def first_line(process, seconds=30):
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    assert ready, "the server did not say that it listens"
    return process.stdout.readline().decode()


def serve(vault, *arguments, token_name="tests"):
    """Starts a server and creates a token for it; the caller must end it with `stop`."""
    log = vault.folder / "server.log"
    process = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log.open("ab"),
        start_new_session=True, env=vault.environment(),
    )
    line = first_line(process)
    assert line.startswith("listening on "), line + log.read_text()
    token = vault.ok("token", "create", "--name", token_name).decode().strip()
    return Server(vault, process, line.removeprefix("listening on ").strip(), token, log)


def stop(server):
    """Ends the server as a person would, and expects it to end well."""
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=60) == 0
    server.process.stdout.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def empty(tmp_path):
    """A place for a vault that has not been created."""
    return Vault(tmp_path)


@pytest.fixture
def vault(tmp_path):
    """A fresh vault."""
    return Vault(tmp_path).init()


@pytest.fixture
def server(vault):
    """A server on a fresh vault."""
    running = serve(vault)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    """One server for the tests of a module that do not mind each other's secrets."""
    running = serve(Vault(tmp_path_factory.mktemp("shared")).init())
    yield running
    stop(running)
