"""A vault that is no vault, is cut short, or lies where it cannot be read or written: refused, and left as it was."""

import contextlib
import os
import sqlite3
import subprocess

import pytest

from conftest import LOWEST_KDF, PROGRAM, Vault
from disks import disk, fill, mounted
from test_cli_refusals import BAD_INPUT, INPUT_OUTPUT, NOT_FOUND, check_refusal

DAMAGED = 76
COMMANDS = [
    "status", "list", "show NAME", "reveal NAME", "add NEW", "rotate NAME", "delete NAME", "export --all",
    "project create new", "token list", "serve --port 0",
]
# Root, too, is held to the modes of files once these are given up.
MODES_APPLY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def contents(folder):
    """All that lies in a folder: its kind, its mode and its bytes."""
    return {
        path.relative_to(folder): (path.lstat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The bytes of a good vault."""
    vault = Vault(tmp_path_factory.mktemp("good")).init()
    vault.ok("add", "NAME", input="value")
    return vault.path.read_bytes()


# What is no vault


def foreign(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript("CREATE TABLE secrets (name TEXT); INSERT INTO secrets VALUES ('theirs')")


def under_a_file(path):
    path.parent.rmdir()
    path.parent.write_text("a file")


NO_VAULTS = {
    "nothing": (NOT_FOUND, lambda path, good: None),
    "no folder": (NOT_FOUND, lambda path, good: path.parent.rmdir()),
    "a link to nowhere": (NOT_FOUND, lambda path, good: path.symlink_to("nowhere")),
    "a directory": (BAD_INPUT, lambda path, good: path.mkdir()),
    "a pipe": (BAD_INPUT, lambda path, good: os.mkfifo(path)),
    "a device": (BAD_INPUT, lambda path, good: path.symlink_to("/dev/zero")),
    "below a file": (BAD_INPUT, lambda path, good: under_a_file(path)),
    "text": (BAD_INPUT, lambda path, good: path.write_text("NAME=value\n" * 1000)),
    "one letter": (BAD_INPUT, lambda path, good: path.write_text("x")),
    "another program's database": (BAD_INPUT, lambda path, good: foreign(path)),
    "an empty file": (DAMAGED, lambda path, good: path.write_bytes(b"")),
    "half a header": (DAMAGED, lambda path, good: path.write_bytes(good[:50])),
    "a header alone": (DAMAGED, lambda path, good: path.write_bytes(good[:100])),
    "one page": (DAMAGED, lambda path, good: path.write_bytes(good[:4096])),
    "all but the last page": (DAMAGED, lambda path, good: path.write_bytes(good[:-4096])),
}


@pytest.mark.parametrize("status, make", NO_VAULTS.values(), ids=NO_VAULTS)
def test_what_is_no_vault_is_refused(empty, good, status, make):
    empty.path.parent.mkdir(mode=0o700)
    make(empty.path, good)
    before = contents(empty.folder)
    for command in COMMANDS:
        check_refusal(empty.run(*command.split(), input="value"), status)
        assert contents(empty.folder) == before, command


# What may not be read or written


@pytest.mark.parametrize("mode", ["file", "folder"])
def test_a_vault_without_permission_is_refused(vault, mode):
    if subprocess.run([*MODES_APPLY, "true"], capture_output=True).returncode != 0:
        pytest.skip("root cannot give up its rights here")
    vault.ok("add", "NAME", input="value")
    before, closed = vault.rows(), vault.path if mode == "file" else vault.path.parent
    closed.chmod(0)
    for command in ("status", "list", "reveal NAME", "add NEW"):
        done = subprocess.run(
            [*MODES_APPLY, PROGRAM, *command.split()], env=vault.environment(), input=b"value", capture_output=True,
            start_new_session=True, timeout=60)
        check_refusal(done, INPUT_OUTPUT)
        assert b"no permission" in done.stderr
    closed.chmod(0o700)
    assert vault.rows() == before


@pytest.mark.parametrize("kibibytes", range(16, 240, 16))
def test_a_vault_that_is_said_to_be_created_is_whole(empty, kibibytes):
    with mounted(empty.folder / "data", kibibytes):
        done = empty.run("init", *LOWEST_KDF)
        if done.returncode == 0:
            assert empty.ok("list") == b""
        else:
            check_refusal(done, INPUT_OUTPUT)
            assert os.listdir(empty.path.parent) == []


def test_a_vault_on_a_read_only_disk_is_refused(disk):
    before = disk.path.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", disk.path.parent], check=True)
    for command in COMMANDS:
        check_refusal(disk.run(*command.split(), input="value"), INPUT_OUTPUT)
    check_refusal(disk.run("init", *LOWEST_KDF, "--vault", disk.path.parent / "new"), INPUT_OUTPUT)
    subprocess.run(["mount", "-o", "remount,rw", disk.path.parent], check=True)
    assert disk.path.read_bytes() == before
    assert disk.ok("reveal", "NAME") == b"value"


@pytest.mark.parametrize("room", [0, 8, 40])
def test_on_a_full_disk_nothing_is_written_and_nothing_lost(disk, room):
    before = disk.rows()
    filler = fill(disk.path.parent, room)
    check_refusal(disk.run("add", "NEW", input="𝄞" * 10_000), INPUT_OUTPUT)
    check_refusal(disk.run("init", *LOWEST_KDF, "--vault", disk.path.parent / "new"), INPUT_OUTPUT)
    filler.unlink()
    assert disk.rows() == before
    assert disk.ok("reveal", "NAME") == b"value"
    disk.ok("add", "NEW", input="𝄞" * 10_000)
    assert not [name for name in os.listdir(disk.path.parent) if "new" in name]


def test_a_file_stays_as_it_was_when_there_is_no_room_for_another(disk, good):
    elsewhere, file = disk.folder / "elsewhere.coffer", disk.path.parent / "env"
    elsewhere.write_bytes(good)
    file.write_text("kept")
    fill(disk.path.parent)
    check_refusal(disk.run("export", "--all", "--vault", elsewhere, "-o", file), INPUT_OUTPUT)
    assert file.read_text() == "kept"
    assert set(os.listdir(disk.path.parent)) == {disk.path.name, "env", "filler"}
