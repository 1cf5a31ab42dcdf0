"""Each vector of Tests/Vectors, one failure each: what the program reports of it, and what the second reader does.

`vectors.json` says what to expect; `scripts/make-vectors` says what its keys mean.
"""

import json
import shutil

import pytest

from conftest import REPOSITORY, Vault
from second_reader import Reader, VaultError

VECTORS = REPOSITORY / "Tests" / "Vectors"
INDEX = json.loads((VECTORS / "vectors.json").read_text())
each_vector = pytest.mark.parametrize("vector", INDEX["vectors"], ids=lambda vector: vector["name"])


def placed(vector, folder):
    """The vector as a vault of its own, with the modes the program gives one."""
    vault = Vault(folder)
    vault.write_passphrase(vector["passphrase"])
    vault.path.parent.mkdir(mode=0o700)
    shutil.copyfile(VECTORS / vector["file"], vault.path)
    vault.path.chmod(0o600)
    return vault


def commands(reads):
    """Every command that the index speaks of, with its exit status and, for a reveal that succeeds, its output."""
    yield ["list"], reads["list"], None
    yield ["list", "--project", INDEX["project"]], reads["list_project"], None
    yield ["token", "list"], reads["list_tokens"], None
    for name, status in reads["reveal"].items():
        yield ["reveal", name], status, INDEX["secrets"][name].encode()


def content(vault, opens):
    """What a refusal must leave as it was: the rows, or the very bytes of a file that was never opened."""
    return vault.rows() if opens else vault.path.read_bytes()


@each_vector
def test_the_program_reports(vector, tmp_path):
    """The exit status says what is wrong, the message how to go on; nothing is revealed and nothing changed by it."""
    vault, opens = placed(vector, tmp_path), vector["reads"]["open"] == 0
    before = content(vault, opens)
    for command, status, output in commands(vector["reads"]):
        done = vault.run(*command)
        assert done.returncode == status, (command, done.stderr.decode())
        if status == 0:
            assert output in (None, done.stdout)
            continue
        assert done.stdout == b"", command
        message = done.stderr.decode()
        assert message.startswith("coffer: error: "), command
        assert any(line.startswith("coffer: hint: ") for line in message.splitlines()), command
        assert not [value for value in INDEX["secrets"].values() if value in message], command
    assert content(vault, opens) == before


def status_of(act):
    """What an act of the second reader comes to, in the exit statuses of the index."""
    try:
        return 0 if act() is not None else 66
    except VaultError as error:
        return error.status


@each_vector
def test_the_second_reader_reports_the_same(vector, tmp_path):
    """So an expectation that only the program could meet is found out."""
    vault, expected = placed(vector, tmp_path), vector["reads"]
    if expected["open"] != 0:
        assert status_of(lambda: Reader(vault.path, vector["passphrase"].encode())) == expected["open"]
        return
    with Reader(vault.path, vector["passphrase"].encode()) as reader:
        def list_project():
            found = {project.name: project for project in reader.projects()}
            return reader.secrets(found[INDEX["project"]])

        def reveal(name):
            personal = reader.personal()
            secret = reader.find(personal, name)
            return secret and reader.reveal(personal, secret)

        assert {
            "open": 0,
            "list": status_of(lambda: reader.secrets(reader.personal())),
            "list_project": status_of(list_project),
            "list_tokens": status_of(reader.tokens),
            "reveal": {name: status_of(lambda: reveal(name)) for name in expected["reveal"]},
        } == expected


def test_every_file_is_in_the_index():
    """A vector that nothing reads would be a promise that nothing keeps."""
    assert {p.name for p in VECTORS.glob("*.coffer")} == {v["file"] for v in INDEX["vectors"]}
    assert not [p.name for p in VECTORS.iterdir() if p.name.endswith(("-wal", "-shm"))]
