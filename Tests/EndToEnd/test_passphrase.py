"""`coffer passphrase change`, and what is asked of a new passphrase: the former one opens the vault no more."""

import json
import os
import re
import subprocess

import pytest

from conftest import CHEAP, LOWEST_KDF, PASSPHRASE, PROGRAM, Vault, serve, stop
from test_audit import log
from test_cli_refusals import (
    BAD_INPUT, INPUT_OUTPUT, LOCKED, NOBODY, USAGE, WRONG_PASSPHRASE, check_refusal)
from test_cli_terminal import CONTROL_C, Dialogue, unlock
from second_reader import Reader, WrongPassphrase

NEXT = "another passphrase altogether"
CHANGED = "coffer: changed the passphrase\n" + CHEAP
GENERATED = re.compile(rb"([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}\n")


@pytest.fixture
def new(folder):
    """A file with the new passphrase."""
    file = folder / "new"
    file.touch(0o600)
    file.write_text(NEXT + "\n")
    return file


def opens_with(vault, passphrase):
    """Whether the vault opens with the passphrase, for the program and for the second reader alike."""
    vault.write_passphrase(passphrase)
    done = vault.run("list")
    if done.returncode == 0:
        Reader(vault.path, passphrase.encode())
        return True
    check_refusal(done, WRONG_PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        Reader(vault.path, passphrase.encode())
    return False


def slots(vault):
    return json.loads(vault.ok("status", "--json"))["slots"]


def test_a_new_passphrase_takes_the_place_of_the_former_one(vault, new):
    vault.ok("add", "NAME", input="value")
    done = vault.run("passphrase", "change", "--new-passphrase-file", new)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", CHANGED.encode())
    assert not opens_with(vault, PASSPHRASE)
    assert opens_with(vault, NEXT)
    assert vault.ok("reveal", "NAME") == b"value"
    assert [row[3] for row in log(vault)] == ["vault created", "created", "passphrase changed", "1 failed unlock", "revealed"]
    vault.ok("verify")


def test_a_person_is_asked_for_the_passphrase_and_twice_for_the_new_one(vault):
    dialogue = unlock(vault, "passphrase", "change")
    dialogue.answer("New passphrase: ", NEXT, "\r").answer("The same again: ", NEXT, "\r")
    assert dialogue.end() == 0
    assert PASSPHRASE not in dialogue.shown and NEXT not in dialogue.shown
    assert dialogue.shown.splitlines() == [
        "Passphrase: ", "New passphrase: ", "The same again: ", *CHANGED.splitlines()]
    assert opens_with(vault, NEXT) and not opens_with(vault, PASSPHRASE)


@pytest.mark.parametrize("answers, status", [
    ([NEXT + "\r", NEXT + "!\r"], BAD_INPUT), (["password\r", "password\r"], BAD_INPUT), ([CONTROL_C], LOCKED),
    ([NEXT + "\r", CONTROL_C], LOCKED)], ids=["two that differ", "a weak one", "given up", "given up the second time"])
def test_what_is_answered_wrong_changes_nothing(vault, answers, status):
    before = vault.rows()
    dialogue = unlock(vault, "passphrase", "change")
    for question, answer in zip(["New passphrase: ", "The same again: "], answers):
        dialogue.answer(question, answer)
    assert dialogue.end() == status
    assert vault.rows() == before and opens_with(vault, PASSPHRASE)


def test_a_wrong_passphrase_changes_nothing_and_asks_for_no_new_one(vault):
    before = vault.rows()
    dialogue = Dialogue(vault, "passphrase", "change").answer("Passphrase: ", "wrong", "\r")
    assert dialogue.end() == WRONG_PASSPHRASE
    assert "New passphrase" not in dialogue.shown and vault.rows() == before


def test_both_passphrases_may_come_through_descriptors(vault):
    (reading, writing), (other_reading, other_writing) = os.pipe(), os.pipe()
    for descriptor, text in [(writing, PASSPHRASE), (other_writing, NEXT)]:
        os.write(descriptor, text.encode())
        os.close(descriptor)
    done = subprocess.run(
        [PROGRAM, "passphrase", "change", "--passphrase-fd", str(reading), "--new-passphrase-fd", str(other_reading)],
        env=vault.environment(COFFER_PASSPHRASE_FILE=None), pass_fds=[reading, other_reading], capture_output=True)
    os.close(reading), os.close(other_reading)
    assert done.returncode == 0, done.stderr
    assert opens_with(vault, NEXT) and not opens_with(vault, PASSPHRASE)


def test_the_environment_does_not_speak_of_the_new_passphrase(vault):
    said = check_refusal(vault.run("passphrase", "change"), LOCKED)
    assert "no terminal to ask for the new passphrase" in said and "--new-passphrase-file" in said


def test_the_cost_stays_unless_it_is_said(vault, new):
    before, = slots(vault)
    vault.ok("passphrase", "change", "--new-passphrase-file", new)
    vault.write_passphrase(NEXT)
    assert slots(vault) == [before]
    vault.ok("passphrase", "change", "--new-passphrase-file", new, "--kdf-memory", "20")
    assert slots(vault) == [before | {"memory_bytes": 20 << 20}]
    vault.ok("passphrase", "change", "--new-passphrase-file", new, "--kdf-passes", "3")
    assert slots(vault) == [before | {"memory_bytes": 20 << 20, "passes": 3}]
    rows = vault.rows()
    for option in ["--kdf-memory=18", "--kdf-memory=2049", "--kdf-passes=1", "--kdf-passes=17", f"--kdf-memory={2**60}"]:
        check_refusal(vault.run("passphrase", "change", "--new-passphrase-file", new, option), BAD_INPUT)
    assert vault.rows() == rows


WEAK = ["password", "Passw0rd123", "aaaaaaaaaaaaaaaa", "qwertyuiop1234", "1984-05-17", "hunter2", "x", "vault-coffer-2026", "information",
        "christopher1"]


@pytest.mark.parametrize("weak", WEAK)
def test_what_is_trivially_guessed_is_refused_unless_it_is_allowed(vault, new, empty_elsewhere, weak):
    new.write_text(weak)
    before = vault.rows()
    said = check_refusal(vault.run("passphrase", "change", "--new-passphrase-file", new), BAD_INPUT)
    assert "too easily guessed" in said and "--allow-weak" in said and weak not in said
    assert vault.rows() == before
    said = check_refusal(empty_elsewhere.run("init", *LOWEST_KDF, "--passphrase-file", new), BAD_INPUT)
    assert "too easily guessed" in said and not empty_elsewhere.path.exists()
    vault.ok("passphrase", "change", "--new-passphrase-file", new, "--allow-weak")
    empty_elsewhere.ok("init", *LOWEST_KDF, "--passphrase-file", new, "--allow-weak")
    assert opens_with(vault, weak) and opens_with(empty_elsewhere, weak)


def test_the_same_passphrase_is_no_new_one_and_may_get_another_cost(vault, new):
    new.write_text(PASSPHRASE)
    before = vault.rows()
    said = check_refusal(vault.run("passphrase", "change", "--new-passphrase-file", new), BAD_INPUT)
    assert "the new passphrase is the one that there is" in said and "--kdf-memory" in said
    assert vault.rows() == before
    done = vault.run("passphrase", "change", "--new-passphrase-file", new, "--kdf-memory", "20")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.startswith(b"coffer: the passphrase stays; changed what opening costs\n")
    assert slots(vault)[0]["memory_bytes"] == 20 << 20 and opens_with(vault, PASSPHRASE)


def test_a_recovery_code_is_no_passphrase(vault, new, empty_elsewhere):
    """Else what revokes the code would leave it good."""
    for code in (vault.ok("recovery", "create"), vault.ok("recovery", "create", "--replace").lower()):
        new.write_bytes(code)
        before = vault.rows()
        said = check_refusal(
            vault.run("passphrase", "change", "--new-passphrase-file", new, "--allow-weak"), BAD_INPUT)
        assert "a recovery code is no passphrase" in said and vault.rows() == before
        check_refusal(empty_elsewhere.run("init", *LOWEST_KDF, "--passphrase-file", new), BAD_INPUT)
        assert not empty_elsewhere.path.exists()


@pytest.fixture
def empty_elsewhere(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return Vault(tmp_path / "elsewhere")


def test_a_cost_below_the_usual_one_is_told(vault, new):
    usual = ["--kdf-memory", "256", "--kdf-passes", "3"]
    done = vault.run("passphrase", "change", "--new-passphrase-file", new, *usual)
    assert (done.returncode, done.stderr.decode()) == (0, CHANGED.removesuffix(CHEAP))
    vault.write_passphrase(NEXT)
    done = vault.run("passphrase", "change", "--new-passphrase-file", new, *LOWEST_KDF)
    assert (done.returncode, done.stderr.decode()) == (0, "coffer: the passphrase stays; changed what opening costs\n" + CHEAP)
    running = serve(vault)
    try:
        assert CHEAP in running.log.read_text()
    finally:
        stop(running)


def test_a_vault_whose_folder_cannot_be_made_is_none(empty):
    done = empty.run("init", *LOWEST_KDF, "--generate", "--vault", "/proc/nowhere/vault.coffer")
    assert done.returncode == INPUT_OUTPUT
    assert done.stderr.decode().splitlines()[1:] == [
        "coffer: the passphrase that was shown was not set", "coffer: error: the vault's folder cannot be made",
        "coffer: hint: --vault names a place for it elsewhere"]


def test_a_generated_passphrase_is_printed_alone_and_opens_the_vault(empty):
    done = empty.run("init", *LOWEST_KDF, "--generate")
    assert done.returncode == 0 and GENERATED.fullmatch(done.stdout)
    assert done.stdout.strip() not in done.stderr
    assert opens_with(empty, done.stdout.decode().strip())
    changed = empty.run("passphrase", "change", "--generate")
    assert changed.returncode == 0 and GENERATED.fullmatch(changed.stdout) and changed.stdout != done.stdout
    assert not opens_with(empty, done.stdout.decode().strip())
    assert opens_with(empty, changed.stdout.decode().strip())


def test_a_generated_passphrase_that_cannot_be_printed_is_none(vault, empty_elsewhere):
    """Who never saw it could not open the vault."""
    before = vault.rows()
    for arguments in (["passphrase", "change"], ["init", *LOWEST_KDF, "--vault", empty_elsewhere.path]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [PROGRAM, *arguments, "--generate"], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                env=vault.environment(), start_new_session=True)
        assert done.returncode == INPUT_OUTPUT
    assert vault.rows() == before and not empty_elsewhere.path.exists()


def test_what_looks_like_a_mistyped_recovery_code_may_be_a_passphrase(vault, new):
    likes = "9253-M6EB-DNP0-QFJE-XR2V-D3WR-XGH2-QDR3-6BYB-ERZQ-JKDM-GWNE-Z8NV-DS58"
    new.write_text(likes)
    vault.ok("passphrase", "change", "--new-passphrase-file", new)
    assert opens_with(vault, likes)


@pytest.mark.parametrize("arguments", [
    ["--new-passphrase-file", "f", "--new-passphrase-fd", "0"], ["--new-passphrase-file", "f", "--generate"],
    ["--new-passphrase-fd", "0", "--generate"], ["--new-passphrase-fd", "99"],
    ["--passphrase-fd", "0", "--new-passphrase-fd", "0"], [NEXT]], ids=" ".join)
def test_a_wrong_command_line_is_refused(vault, arguments):
    before = vault.rows()
    said = check_refusal(vault.run("passphrase", "change", *arguments), USAGE)
    assert NEXT not in said and vault.rows() == before


def test_init_does_not_read_a_passphrase_that_it_makes_up(empty):
    for source in (["--passphrase-file", empty.passphrase_file], ["--passphrase-fd", "0"]):
        check_refusal(empty.run("init", *LOWEST_KDF, "--generate", *source), USAGE)
    assert not empty.path.exists()


@pytest.mark.parametrize("content, status", [("", BAD_INPUT), ("x" * 4097, BAD_INPUT), (None, INPUT_OUTPUT)])
def test_a_new_passphrase_that_cannot_be_one_is_refused(vault, new, content, status):
    before = vault.rows()
    new.unlink() if content is None else new.write_text(content)
    check_refusal(vault.run("passphrase", "change", "--new-passphrase-file", new), status)
    assert vault.rows() == before


def test_without_the_current_passphrase_nothing_is_changed(vault, new):
    before = vault.rows()
    check_refusal(vault.run("passphrase", "change", "--new-passphrase-file", new, env=NOBODY), LOCKED)
    assert vault.rows() == before
