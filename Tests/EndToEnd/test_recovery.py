"""`coffer recovery`: a code that opens the vault wherever a passphrase does, told from a mistyped one, and revoked."""

import json
import re
import subprocess

import pytest

import tampering
from conftest import PASSPHRASE, PROGRAM
from test_audit import log
from test_cli_refusals import (
    BAD_INPUT, EXISTS, INPUT_OUTPUT, LOCKED, NOBODY, NOT_FOUND, WRONG_PASSPHRASE, check_refusal)
from test_cli_terminal import Dialogue, unlock
from second_reader import Reader
from second_reader_boxes import recovery_code

CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}")
NEXT = "another passphrase altogether"


def create(vault, *arguments):
    """Makes a code, printed alone on standard output, and gives it."""
    done = vault.run("recovery", "create", *arguments)
    assert done.returncode == 0, done.stderr
    code = done.stdout.decode().removesuffix("\n")
    assert CODE.fullmatch(code) and code not in done.stderr.decode()
    return code


def given(vault, text, *command, input=b""):
    """Runs a command that is given this in the passphrase's place."""
    vault.write_passphrase(text)
    try:
        return vault.run(*command, input=input)
    finally:
        vault.write_passphrase(PASSPHRASE)


def test_a_code_opens_the_vault_wherever_a_passphrase_does(vault):
    code = create(vault)
    assert given(vault, code, "add", "NAME", input="value").returncode == 0
    assert given(vault, code.lower().replace("-", ""), "reveal", "NAME").stdout == b"value"
    assert given(vault, code.replace("-", " ").replace("0", "o").replace("1", "I"), "reveal", "NAME").stdout == b"value"
    assert vault.ok("reveal", "NAME") == b"value"
    dialogue = Dialogue(vault, "list").answer("Passphrase: ", code.lower(), "\r")
    assert dialogue.end() == 0 and code.lower() not in dialogue.shown
    backup, moved = vault.folder / "backup", vault.folder / "moved"
    assert given(vault, code, "backup", backup).returncode == 0
    assert given(vault, code, "restore", "--replace-newer", backup).returncode == 0
    assert given(vault, code, "salvage", backup, moved).returncode == 0
    assert given(vault, code, "list", "--vault", moved).returncode == 0
    vault.ok("verify")


def test_the_second_reader_opens_a_vault_with_the_code(vault):
    vault.ok("add", "NAME", input="value")
    code = create(vault)
    for text in (code, code.lower(), code.replace("-", "")):
        with Reader(vault.path, text.encode()) as reader:
            assert reader.verify() == [] and reader.state.key_slots == 2
            assert reader.reveal(reader.personal(), reader.find(reader.personal(), "NAME")) == "value"


def test_program_and_second_reader_write_the_example_of_the_page():
    page = (PROGRAM.parents[2] / "docs" / "format.md").read_text()
    assert recovery_code(CODE.search(page)[0].encode()) == bytes(range(32))


def test_a_code_is_shown_on_a_terminal(vault):
    dialogue = unlock(vault, "recovery", "create")
    assert dialogue.end() == 0
    lines = dialogue.shown.splitlines()
    assert lines[1] == "coffer: this is the recovery code, shown this once:" and CODE.fullmatch(lines[2])
    assert given(vault, lines[2], "list").returncode == 0


def test_a_slip_in_a_code_is_told(vault):
    code = create(vault)
    changed = ("8" if code[0] == "7" else "7") + code[1:]
    for slip in (changed, changed.lower(), code[:-1], code + "7", code[1:], "U" + code[1:], changed.replace("-", ""),
                 code[5:], code + "-7777", changed.replace("-", "\u2013"), code.replace("-", ".")):
        before = vault.rows()
        said = check_refusal(given(vault, slip, "list"), BAD_INPUT)
        assert "typing error" in said and slip not in said
        assert vault.rows() == before
    assert log(vault)[-1][3] == "recovery code created", "a slip counts as no failed attempt"


def test_status_tells_of_the_code_and_of_nothing_in_it(vault):
    code = create(vault)
    slots = json.loads(vault.ok("status", "--json"))["slots"]
    assert [(slot["number"], slot["kind"]) for slot in slots] == [(1, "passphrase"), (2, "recovery")]
    assert set(slots[1]) == {"number", "kind", "memory_bytes", "passes"}
    shown = vault.ok("status").decode()
    assert "slot 2   recovery" in shown and not any(group in shown for group in code.split("-"))


def test_a_second_code_needs_to_replace_the_first(vault):
    first, before = create(vault), vault.rows()
    assert "--replace" in check_refusal(vault.run("recovery", "create"), EXISTS)
    assert vault.rows() == before
    second = create(vault, "--replace")
    assert "does not open the vault" in check_refusal(given(vault, first, "list"), WRONG_PASSPHRASE)
    assert given(vault, second, "list").returncode == 0
    assert [row[3] for row in log(vault)][1:] == [
        "recovery code created", "recovery code revoked", "recovery code created", "1 failed unlock"]


def test_of_two_codes_that_are_made_at_once_one_is_valid_and_the_other_says_that_it_is_not(vault):
    for _ in range(4):
        making = [
            subprocess.Popen(
                [PROGRAM, "recovery", "create", "--replace"], env=vault.environment(), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)]
        made = [(*one.communicate(timeout=60), one.returncode) for one in making]
        for code, said, status in made:
            assert status in (0, LOCKED)
            assert status == 0 or "not valid" in said and "changed since" in said
        last = [code for code, _, status in made if status == 0]
        assert last, "neither was made"
        opened = [given(vault, code.strip(), "list").returncode for code in last]
        assert sorted(opened) == [0] + [WRONG_PASSPHRASE] * (len(last) - 1)


def test_a_code_that_was_revoked_opens_nothing(vault):
    code = create(vault)
    done = vault.run("recovery", "revoke")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"coffer: revoked the recovery code\n")
    check_refusal(given(vault, code, "list"), WRONG_PASSPHRASE)
    check_refusal(vault.run("recovery", "revoke"), NOT_FOUND)
    assert [row[3] for row in log(vault)][1:3] == ["recovery code created", "recovery code revoked"]
    vault.ok("verify")


def test_a_code_does_not_revoke_itself(vault):
    code, before = create(vault), vault.rows()
    said = check_refusal(given(vault, code, "recovery", "revoke"), BAD_INPUT)
    assert "'coffer passphrase change'" in said
    assert vault.rows() == before


def test_who_has_lost_the_passphrase_sets_a_new_one_with_the_code(vault):
    code, new = create(vault), vault.folder / "new"
    new.touch(0o600)
    new.write_text(NEXT)
    assert given(vault, code, "passphrase", "change", "--new-passphrase-file", new).returncode == 0
    check_refusal(vault.run("list"), WRONG_PASSPHRASE)
    assert given(vault, NEXT, "list").returncode == 0 and given(vault, code, "list").returncode == 0
    slots = json.loads(vault.ok("status", "--json"))["slots"]
    assert [(slot["kind"], slot["memory_bytes"]) for slot in slots] == [("passphrase", 19 << 20), ("recovery", 19 << 20)]


def test_a_code_that_cannot_be_printed_opens_nothing(vault):
    before = vault.rows()
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [PROGRAM, "recovery", "create"], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
            env=vault.environment(), start_new_session=True)
    assert done.returncode == INPUT_OUTPUT and vault.rows() == before


@pytest.mark.parametrize("command", ["create", "revoke"])
def test_without_the_passphrase_nothing_is_changed(vault, command):
    before = vault.rows()
    check_refusal(vault.run("recovery", command, env=NOBODY), LOCKED)
    check_refusal(given(vault, "wrong", "recovery", command), WRONG_PASSPHRASE)
    assert vault.rows() == before


def test_a_slot_that_was_put_back_is_noticed(vault):
    """A revoked code opens a copy of its row; the vault as a whole is no more what its state says."""
    code = create(vault)
    slots = tampering.rows(vault.path, "key_slots")
    vault.ok("recovery", "revoke")
    tampering.put_back(vault.path, "key_slots", slots[1:])
    assert given(vault, code, "list").returncode == 0
    done = vault.run("verify")
    assert done.returncode == 76 and b"row added" in done.stdout + done.stderr
