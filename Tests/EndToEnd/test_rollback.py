"""An older copy of the vault in its place: refused on the machine that saw the newer one, until it is accepted."""

import json
import os
import shutil

import pytest

from conftest import Vault
from tampering import change
from test_cli_refusals import WRONG_PASSPHRASE, check_refusal

DAMAGED = 76
UNLOCKING = [
    "list", "show NAME", "reveal NAME", "add NEW", "update NAME --rename NEW", "rotate NAME", "delete NAME",
    "restore-version NAME 1", "export --all", "run -- true", "inject", "import - --format dotenv",
    "project create new", "project list", "token create --name new", "token list", "audit", "audit prune --keep 0",
    "verify", "serve --port 0",
]


@pytest.fixture
def older(vault):
    """A vault whose place an older copy was put into: with the secret NAME, which was deleted since."""
    vault.ok("add", "NAME", input="value")
    vault.ok("rotate", "NAME", input="value")
    copy = vault.path.read_bytes()
    vault.ok("delete", "NAME")
    vault.ok("add", "LATER", input="value")
    vault.path.write_bytes(copy)
    return vault


def state_folder(vault):
    return vault.folder / ".local" / "state" / "coffer"


def mark(vault):
    (file,) = state_folder(vault).glob("*.mark")
    return file


def test_an_older_copy_is_refused_by_every_command_that_unlocks(older):
    before, remembered = older.rows(), mark(older).read_bytes()
    for command in UNLOCKING:
        done = older.run(*command.split(), input="NAME=value")
        assert done.returncode == (125 if command.startswith("run") else DAMAGED), command
        assert b"older than when it was last seen here (epoch 3, after 5)" in done.stderr
        assert b"'coffer verify --accept-rollback'" in done.stderr
        assert done.stdout == b"" and done.stderr.count(b"\n") == 2
    assert older.rows() == before
    assert mark(older).read_bytes() == remembered


def test_an_older_copy_that_is_accepted_is_taken_and_the_log_has_it(older):
    done = older.run("verify", "--accept-rollback")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"verified: 1 secret, 1 former value,")
    assert done.stderr == b"coffer: accepted the vault of epoch 3, after 5 was seen; the log has it\n"
    assert older.ok("audit", "--kind", "rollback-accepted").decode().split("\t")[3] == "rollback to epoch 3 accepted"
    assert older.ok("reveal", "NAME") == b"value"
    assert b", epoch 7\n" in older.ok("verify")


def test_where_there_was_no_rollback_nothing_is_accepted_and_that_is_said(vault):
    before = vault.rows()
    done = vault.run("verify", "--accept-rollback")
    assert (done.returncode, done.stderr) == (0, b"coffer: note: there was no rollback to accept\n")
    assert vault.rows() == before


def test_an_older_copy_that_is_damaged_is_not_accepted(older):
    change(older.path, "DELETE FROM secrets")
    before, remembered = older.rows(), mark(older).read_bytes()
    done = older.run("verify", "--accept-rollback")
    assert done.returncode == DAMAGED
    assert b"row missing: secret " in done.stdout
    assert older.rows() == before
    assert mark(older).read_bytes() == remembered
    check_refusal(older.run("list"), DAMAGED)


def test_a_wrong_passphrase_accepts_nothing(older):
    older.write_passphrase("wrong")
    check_refusal(older.run("verify", "--accept-rollback"), WRONG_PASSPHRASE)
    older.__post_init__()
    check_refusal(older.run("list"), DAMAGED)


def test_the_newer_file_opens_when_it_is_back(vault):
    vault.ok("add", "NAME", input="value")
    copy = vault.path.read_bytes()
    vault.ok("add", "LATER", input="value")
    newer = vault.path.read_bytes()
    vault.path.write_bytes(copy)
    check_refusal(vault.run("list"), DAMAGED)
    vault.path.write_bytes(newer)
    assert len(vault.ok("list").splitlines()) == 2


def test_of_two_copies_that_were_written_to_the_other_one_is_refused(vault, tmp_path):
    (tmp_path / "other").mkdir()
    other = Vault(tmp_path / "other")
    other.path.parent.mkdir(mode=0o700)
    shutil.copy(vault.path, other.path)
    vault.ok("add", "OURS", input="value")
    other.ok("add", "THEIRS", input="value")
    shutil.copy(other.path, vault.path)
    assert "although as old (epoch 2)" in check_refusal(vault.run("list"), DAMAGED)
    vault.ok("verify", "--accept-rollback")
    assert b"THEIRS" in vault.ok("list")


def test_a_vault_that_is_copied_to_a_new_machine_opens_without_a_word(older):
    done = older.run("list", env={"XDG_STATE_HOME": str(older.folder / "other machine")})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"NAME\t")
    check_refusal(older.run("list"), DAMAGED)


@pytest.mark.parametrize("spoil", [
    lambda content: content[:-1] + b"x", lambda content: content[:-1], lambda content: content + b"x"])
def test_a_mark_that_was_changed_is_refused_until_the_vault_is_accepted(vault, spoil):
    vault.ok("add", "NAME", input="value")
    mark(vault).write_bytes(spoil(mark(vault).read_bytes()))
    before = vault.rows()
    said = check_refusal(vault.run("reveal", "NAME"), DAMAGED)
    assert "what this machine remembers" in said and "--accept-rollback" in said
    assert vault.rows() == before
    done = vault.run("verify", "--accept-rollback")
    assert (done.returncode, done.stderr.count(b"\n")) == (0, 1), done.stderr
    assert vault.ok("reveal", "NAME") == b"value"
    assert len(mark(vault).read_bytes()) == 80


def test_what_lies_in_the_mark_s_place_and_is_none_is_neither_waited_for_nor_written_to(vault):
    vault.ok("add", "NAME", input="value")
    place, other = mark(vault), vault.folder / "other"
    other.write_bytes(b"x" * 100)
    make = {"fifo": os.mkfifo, "link": lambda at: at.symlink_to(other), "hard link": lambda at: os.link(other, at)}
    for what, put in make.items():
        place.unlink()
        put(place)
        if what != "fifo":
            check_refusal(vault.run("reveal", "NAME"), DAMAGED)
            vault.ok("verify", "--accept-rollback")
        done = vault.run("reveal", "NAME", timeout=20)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"value", b""), what
        assert mark(vault).is_file() and not mark(vault).is_symlink() and mark(vault).stat().st_nlink == 1
        assert len(mark(vault).read_bytes()) == 80 and other.read_bytes() == b"x" * 100


def test_where_no_mark_can_be_written_that_is_said_once_and_all_goes_on(vault):
    vault.ok("add", "NAME", input="value")
    done = vault.run("reveal", "NAME", env={"XDG_STATE_HOME": "/proc/nowhere"})
    assert (done.returncode, done.stdout) == (0, b"value")
    assert done.stderr == (
        b"coffer: warning: an older copy of the vault would not be noticed, "
        b"because $XDG_STATE_HOME/coffer cannot be written\n")


def test_without_a_home_it_is_said_that_no_mark_is_kept(vault):
    vault.ok("add", "NAME", input="value")
    done = vault.run("reveal", "NAME", env={"HOME": None})
    assert (done.returncode, done.stdout, done.stderr) == (
        0, b"value", b"coffer: warning: an older copy of the vault would not be noticed, because HOME is not set\n")


def test_the_marks_are_their_owner_s_alone_and_say_nothing(vault):
    vault.ok("add", "NAME", input="value")
    assert state_folder(vault).stat().st_mode & 0o777 == 0o700
    assert mark(vault).stat().st_mode & 0o777 == 0o600
    assert mark(vault).name == json.loads(vault.ok("status", "--json"))["id"] + ".mark"
    assert len(mark(vault).read_bytes()) == 80 and b"NAME" not in mark(vault).read_bytes()
