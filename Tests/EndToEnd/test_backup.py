"""`coffer backup` and `coffer restore`: while others write, over newer vaults, across a running server, and killed."""

import contextlib
import itertools
import os
import random
import re
import shutil
import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import LOWEST_KDF, Vault, serve, stop
from moments import Moments
from test_cli_broken_vaults import contents
from test_cli_refusals import (
    BAD_INPUT, CANARY, EXISTS, INPUT_OUTPUT, LOCKED, NOBODY, NOT_FOUND, USAGE, WRONG_PASSPHRASE, check_refusal)

DAMAGED = 76
SUMMARY = re.compile(
    rb"coffer: (backed up to|restored) \S+, verified: (\d+) secrets?, (\d+) former values?, (\d+) projects?, "
    rb"(\d+) tokens?, (\d+) events?, epoch (\d+)\n")


def summary(done):
    """The numbers of a summary line: secrets, former values, projects, tokens, events, epoch."""
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b""
    found = SUMMARY.fullmatch(done.stderr)
    assert found, done.stderr.decode()
    return [int(number) for number in found.groups()[1:]]


def tamper(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(sql)


def drafts(folder):
    return [name for name in os.listdir(folder) if ".new-" in name]


@pytest.fixture
def filled(vault):
    """A vault with two secrets, one of them with a former value, a project and a token."""
    vault.ok("add", "NAME", input="value")
    vault.ok("rotate", "NAME", input="later")
    vault.ok("project", "create", "web")
    vault.ok("add", "OTHER", "--project", "web", input="theirs")
    vault.ok("token", "create", "--name", "ci")
    return vault


@pytest.fixture
def backup(filled):
    """A backup of the filled vault, which was written to since."""
    path = filled.folder / "backup.coffer"
    summary(filled.run("backup", path))
    filled.ok("add", "SINCE", input="since")
    return path


def test_a_backup_is_the_whole_vault_for_its_owner_alone(filled):
    path = filled.folder / "new" / "backup.coffer"
    assert summary(filled.run("backup", path))[:4] == [2, 1, 1, 1]
    assert os.listdir(path.parent) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # To a machine that has not seen the vault since, a backup is a vault like others.
    elsewhere = {"HOME": str(filled.folder / "elsewhere")}
    assert filled.ok("reveal", "NAME", "--vault", path, env=elsewhere) == b"later"
    assert filled.ok("reveal", "OTHER", "--project", "web", "--vault", path, env=elsewhere) == b"theirs"


def test_a_backup_that_is_restored_where_nothing_is_is_the_vault(filled, backup):
    before = backup.read_bytes()
    shutil.rmtree(filled.path.parent)
    numbers = summary(filled.run("restore", backup))
    assert numbers[:4] == [2, 1, 1, 1]
    assert os.listdir(filled.path.parent) == [filled.path.name]
    assert stat.S_IMODE(filled.path.stat().st_mode) == 0o600
    assert filled.ok("reveal", "NAME") == b"later"
    check_refusal(filled.run("reveal", "SINCE"), NOT_FOUND)
    assert backup.read_bytes() == before and os.listdir(backup.parent).count(backup.name + "-wal") == 0


def test_a_newer_vault_is_replaced_only_when_told(filled, backup):
    before = filled.rows()
    said = check_refusal(filled.run("restore", backup), EXISTS)
    assert "was written to since the backup was made" in said and "--replace-newer" in said
    assert filled.rows() == before and not drafts(filled.path.parent)
    old = int(re.search(r"epoch (\d+), after (\d+)", said)[1])
    assert summary(filled.run("restore", "--replace-newer", backup))[-1] > old
    check_refusal(filled.run("reveal", "SINCE"), NOT_FOUND)
    assert filled.ok("reveal", "NAME") == b"later"
    assert not drafts(filled.path.parent)


def test_a_vault_that_was_put_back_is_refused_and_a_backup_restores_it(filled, backup):
    filled.ok("list")
    shutil.copy(backup, filled.path)
    check_refusal(filled.run("list"), DAMAGED)
    summary(filled.run("restore", backup))
    assert filled.ok("reveal", "NAME") == b"later"


# Refusals

REFUSALS = {
    "backup over a file": (EXISTS, ["backup", "{backup}"], {}),
    "backup over a folder": (EXISTS, ["backup", "{folder}"], {}),
    "backup to a path that ends in a slash": (BAD_INPUT, ["backup", "{folder}/missing/"], {}),
    "backup below a file": (BAD_INPUT, ["backup", "{backup}/" + CANARY], {}),
    "backup where nobody writes": (INPUT_OUTPUT, ["backup", "/proc/" + CANARY], {}),
    "backup of nothing": (NOT_FOUND, ["backup", "new", "--vault", "missing"], {}),
    "backup without a passphrase": (LOCKED, ["backup", "new"], NOBODY),
    "backup to no name": (USAGE, ["backup", ""], {}),
    "backup without a name": (USAGE, ["backup"], {}),
    "restore of nothing": (NOT_FOUND, ["restore", CANARY], {}),
    "restore of a folder": (BAD_INPUT, ["restore", "{folder}"], {}),
    "restore of text": (BAD_INPUT, ["restore", "{text}"], {}),
    "restore of half a vault": (DAMAGED, ["restore", "{half}"], {}),
    "restore of a vault that was tampered with": (DAMAGED, ["restore", "--replace-newer", "{tampered}"], {}),
    "restore of a newer vault": (EXISTS, ["restore", "{backup}"], {}),
    "restore of the vault itself": (BAD_INPUT, ["restore", "{vault}"], {}),
    "restore of another vault": (BAD_INPUT, ["restore", "--replace-newer", "{other}"], {}),
    "restore without a passphrase": (LOCKED, ["restore", "{backup}"], NOBODY),
    "restore with another passphrase": (WRONG_PASSPHRASE, ["restore", "{backup}"], {"COFFER_PASSPHRASE_FILE": "{text}"}),
    "restore over text": (BAD_INPUT, ["restore", "{backup}", "--vault", "{text}"], {}),
    "restore over half a vault": (DAMAGED, ["restore", "{backup}", "--vault", "{half}"], {}),
    "restore of no name": (USAGE, ["restore", ""], {}),
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A vault that was written to since its backup was made, and other files, none of which a refusal changes."""
    folder = tmp_path_factory.mktemp("sample")
    vault = Vault(folder).init()
    vault.ok("add", "NAME", input="value")
    paths = {name: folder / f"{name}.coffer" for name in ("backup", "half", "tampered", "other", "text")}
    vault.ok("backup", paths["backup"])
    vault.ok("add", "SINCE", input="value")
    paths["half"].write_bytes(paths["backup"].read_bytes()[:20_000])
    shutil.copy(paths["backup"], paths["tampered"])
    tamper(paths["tampered"], "UPDATE secrets SET sealed_value = zeroblob(length(sealed_value))")
    vault.ok("init", *LOWEST_KDF, "--vault", paths["other"])
    paths["text"].write_text(CANARY)
    paths["text"].chmod(0o600)
    # SQLite's own files, which tell nothing.
    for path in folder.rglob("*-shm"):
        path.unlink()
    return vault, {name: str(path) for name, path in (paths | {"vault": vault.path, "folder": folder}).items()}


@pytest.mark.parametrize("status, arguments, env", REFUSALS.values(), ids=REFUSALS)
def test_what_is_refused_changes_nothing(sample, status, arguments, env):
    vault, names = sample
    env = {key: value and value.format(**names) for key, value in env.items()}
    state = {k: v for k, v in contents(vault.folder).items() if k.parts[0] != ".local"}
    check_refusal(vault.run(*(argument.format(**names) for argument in arguments), env=env), status)
    assert {k: v for k, v in contents(vault.folder).items() if k.parts[0] != ".local"} == state


def test_a_damaged_vault_is_not_replaced_and_the_way_out_is_told(filled, backup):
    tamper(filled.path, "UPDATE state SET sealed_state = zeroblob(length(sealed_state))")
    before = filled.rows()
    said = check_refusal(filled.run("restore", "--replace-newer", backup), DAMAGED)
    assert "move it away" in said
    assert filled.rows() == before
    for path in filled.path.parent.iterdir():
        path.rename(filled.folder / path.name)
    summary(filled.run("restore", backup))
    assert filled.ok("reveal", "NAME") == b"later"


# While others write


# Two clients of a server, and three processes.
WRITERS = ["H0", "H1", "P0", "P1", "P2"]


def test_a_backup_taken_while_a_server_and_three_processes_write_is_one_moment_of_the_vault(vault):
    vault.ok("add", "FIRST", input="value")
    running = serve(vault)
    over, begun = threading.Event(), threading.Semaphore(0)

    def post(name, value):
        assert running.request("POST", "/api/v1/secrets", json={"name": name, "value": value}).status_code == 201

    def add(name, value):
        vault.ok("add", name, input=value)

    def go_on(write, writer):
        for number in itertools.takewhile(lambda _: not over.is_set(), itertools.count()):
            write(f"{writer}_{number}", f"value {number}")
            if number == 0:
                begun.release()

    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(go_on, post if writer[0] == "H" else add, writer) for writer in WRITERS]
        try:
            assert all(begun.acquire(timeout=60) for _ in writers)
            paths = [vault.folder / f"{number}.coffer" for number in range(4)]
            numbers = [summary(vault.run("backup", path)) for path in paths]
        finally:
            over.set()
        for writer in writers:
            writer.result()
    stop(running)
    assert sorted({n[0] for n in numbers}) == [n[0] for n in numbers], "each is later than the one before"
    for path, count in zip(paths, numbers):
        listed = vault.ok("list", "--vault", path, env={"HOME": str(path) + ".home"})
        names = [line.split(b"\t")[0].decode() for line in listed.splitlines()]
        assert len(names) == count[0]
        for writer in WRITERS:
            mine = [name for name in names if name.startswith(writer)]
            assert mine == [f"{writer}_{number}" for number in range(len(mine))], "what came before is there too"


def test_a_server_goes_on_with_what_was_restored(vault):
    running = serve(vault)
    kept = running.request("POST", "/api/v1/secrets", json={"name": "KEPT", "value": "before"}).json()["id"]
    path = vault.folder / "backup.coffer"
    vault.ok("backup", path)
    gone = running.request("POST", "/api/v1/secrets", json={"name": "GONE", "value": "since"}).json()["id"]
    project = running.request("POST", "/api/v1/projects", json={"name": "since"}).json()["project"]["id"]
    late = vault.ok("token", "create", "--name", "since").decode().strip()
    assert running.request("GET", "/api/v1/secrets", token=late).status_code == 200

    summary(vault.run("restore", "--replace-newer", path))
    assert running.request("GET", f"/api/v1/secrets/{kept}").status_code == 200
    assert running.request("GET", f"/api/v1/secrets/{gone}").status_code == 404
    assert running.request("GET", "/api/v1/secrets", token=late).status_code == 401
    assert running.request(
        "POST", "/api/v1/secrets", json={"name": "NEW", "value": "v", "project_id": project}).status_code == 403
    assert running.request("POST", "/api/v1/secrets", json={"name": "GONE", "value": "after"}).status_code == 201
    assert vault.ok("reveal", "GONE") == b"after"
    stop(running)
    # What the server noted of the vault when it ended is no later than what is there.
    assert vault.ok("reveal", "KEPT") == b"before"
    assert summary(vault.run("backup", vault.folder / "again.coffer"))[0] == 2


def test_what_a_server_acknowledges_after_a_restore_is_there(vault):
    vault.ok("add", "FIRST", input="value")
    path = vault.folder / "backup.coffer"
    vault.ok("backup", path)
    running = serve(vault)
    acknowledged = []
    over = threading.Event()

    def post():
        while not over.is_set():
            name = f"N{len(acknowledged)}"
            assert running.request("POST", "/api/v1/secrets", json={"name": name, "value": name}).status_code == 201
            acknowledged.append(name)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(post)
        # The server's token is in the vault that it began with.
        time.sleep(0.3)
        backup = vault.folder / "with-token.coffer"
        vault.ok("backup", backup)
        summary(vault.run("restore", "--replace-newer", backup))
        restored = len(acknowledged)
        while len(acknowledged) < restored + 20 and not writer.done():
            time.sleep(0.01)
        over.set()
        writer.result()
    stop(running)
    names = [line.split(b"\t")[0].decode() for line in vault.ok("list").splitlines()]
    assert names[0] == "FIRST" and set(acknowledged[restored:]) <= set(names)
    assert names[1:] == [name for name in acknowledged if name in names]
    summary(vault.run("backup", vault.folder / "again.coffer"))


# Killed half-way


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A vault whose copying takes long enough to be killed in the middle, and a backup of it."""
    vault = Vault(tmp_path_factory.mktemp("large")).init()
    lines = "".join(f"S{number}='{number}{'x' * 900}'\n" for number in range(600))
    vault.ok("import", "-", input=lines)
    vault.ok("backup", vault.folder / "backup.coffer")
    vault.ok("add", "SINCE", input="since")
    return vault


KILLS = 3


def test_a_killed_backup_leaves_no_half_copy_and_the_next_one_cleans_up(large):
    folder, moments, choices = large.folder / "copies", Moments(seconds=0.3), random.Random(1)
    for number in itertools.takewhile(lambda _: not moments.are_enough(KILLS), itertools.count()):
        path = folder / f"{number}.coffer"
        ended = moments.run(large, ["backup", path], choices)
        assert path.exists() or not ended
        if path.exists():
            home = {"HOME": str(large.folder / f"home{number}")}
            summary(large.run("restore", path, "--vault", large.folder / "elsewhere" / f"{number}.coffer", env=home))
    assert summary(large.run("backup", folder / "last.coffer"))[0] == 601
    assert not drafts(folder)


def test_a_killed_restore_leaves_the_vault_as_it_was_or_as_it_is_to_be(large, tmp_path):
    backup = large.folder / "backup.coffer"
    work, moments, choices = Vault(tmp_path), Moments(seconds=0.3), random.Random(2)
    while not moments.are_enough(KILLS):
        work.path.parent.mkdir(exist_ok=True)
        shutil.copy(large.path, work.path)
        ended = moments.run(work, ["restore", "--replace-newer", backup], choices)
        since = work.run("reveal", "SINCE")
        assert since.returncode == 0 and not ended or since.returncode == NOT_FOUND, since.stderr.decode()
        assert work.ok("reveal", "S599") == b"599" + b"x" * 900
        summary(work.run("restore", "--replace-newer", backup))
        assert not drafts(work.path.parent)
        shutil.rmtree(work.path.parent)
        shutil.rmtree(tmp_path / ".local")


def test_a_killed_restore_to_where_nothing_is_leaves_a_whole_vault_or_none(large, tmp_path):
    backup = large.folder / "backup.coffer"
    work, moments, choices = Vault(tmp_path), Moments(seconds=0.3), random.Random(3)
    while not moments.are_enough(KILLS):
        ended = moments.run(work, ["restore", backup], choices)
        assert work.path.exists() or not ended
        if work.path.exists():
            assert work.ok("reveal", "S599") == b"599" + b"x" * 900
            work.path.unlink()
    summary(work.run("restore", backup))
    assert not drafts(work.path.parent)
