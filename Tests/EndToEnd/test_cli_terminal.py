"""On a real terminal: what is asked, what is typed and never shown, and what is left of the terminal afterwards."""

import os
import shlex
import signal
from pathlib import Path

import pexpect
import pytest

from conftest import LOWEST_KDF, PASSPHRASE, PROGRAM

VALUE = "a typed välue 𝄞"
CONTROL_C, CONTROL_D, CONTROL_U, BACKSPACE, DELETE = "\x03", "\x04", "\x15", "\x08", "\x7f"


class Dialogue:
    """A command on a terminal, by its questions and answers."""

    def __init__(self, vault, *arguments, input=None):
        # The shell stays behind the command and tells how it left the terminal.
        pipe = f"printf {input} | " if input else ""
        command = f'{pipe}{shlex.join([str(PROGRAM), *arguments])}; echo "status $?"; stty -a'
        self.child = pexpect.spawn(
            "sh", ["-c", command], env=vault.environment(COFFER_PASSPHRASE_FILE=None),
            encoding="utf-8", dimensions=(24, 200), timeout=30)
        self.child.delaybeforesend = None
        self.shown = ""

    def answer(self, question, *keys):
        self.child.expect_exact(question)
        self.shown += self.child.before + question
        for key in keys:
            self.child.send(key)
        return self

    def pid(self):
        """The id of the command's process, which is the shell's only child."""
        shell = self.child.pid
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text())

    def end(self):
        """The exit status, once the terminal is known to be as it was before."""
        self.child.expect(r"status (\d+)\r\n")
        self.shown += self.child.before
        status = int(self.child.match[1])
        modes = self.child.read().split()
        assert {"echo", "icanon", "isig"} <= set(modes)
        self.child.close()
        return status


def unlock(vault, *arguments):
    """A command that has asked for the passphrase and been told it."""
    return Dialogue(vault, *arguments).answer("Passphrase: ", PASSPHRASE, "\r")


def test_init_asks_twice_and_shows_nothing_of_it(empty):
    dialogue = Dialogue(empty, "init", *LOWEST_KDF)
    dialogue.answer("New passphrase: ", PASSPHRASE, "\r").answer("The same again: ", PASSPHRASE, "\r")
    assert dialogue.end() == 0
    assert PASSPHRASE not in dialogue.shown
    assert dialogue.shown.splitlines() == ["New passphrase: ", "The same again: ", f"coffer: created {empty.path}"]
    assert empty.ok("list") == b""


def test_two_passphrases_that_differ_create_nothing(empty):
    dialogue = Dialogue(empty, "init", *LOWEST_KDF)
    dialogue.answer("New passphrase: ", PASSPHRASE, "\r").answer("The same again: ", PASSPHRASE + "!", "\r")
    assert dialogue.end() == 65
    assert "coffer: error: the two passphrases differ" in dialogue.shown
    assert not empty.path.parent.exists()


def test_nothing_is_asked_where_a_vault_is_already(vault):
    dialogue = Dialogue(vault, "init", *LOWEST_KDF)
    assert (dialogue.end(), "assphrase:" in dialogue.shown) == (73, False)


def test_a_value_is_asked_for_and_not_shown(vault):
    dialogue = unlock(vault, "add", "NAME").answer("Value: ", VALUE, "\r")
    assert dialogue.end() == 0
    assert PASSPHRASE not in dialogue.shown
    assert VALUE not in dialogue.shown
    assert vault.ok("reveal", "NAME") == VALUE.encode()
    assert unlock(vault, "rotate", "NAME").answer("Value: ", "new", "\r").end() == 0
    assert vault.ok("reveal", "NAME") == b"new"


def test_a_bad_name_is_refused_before_anything_is_asked(vault):
    dialogue = Dialogue(vault, "add", "lower_case")
    assert (dialogue.end(), "assphrase:" in dialogue.shown) == (65, False)


def test_the_longest_value_can_be_pasted(vault):
    value = "0123456789" * 1000
    assert unlock(vault, "add", "NAME").answer("Value: ", value, "\r").end() == 0
    assert vault.ok("reveal", "NAME") == value.encode()


@pytest.mark.parametrize(
    "keys, value",
    [
        (["aé𝄞", DELETE, "b"], "aéb"),
        (["aé𝄞", DELETE, DELETE, "b"], "ab"),
        (["aé", BACKSPACE, BACKSPACE, BACKSPACE, "b"], "b"),
        (["a mistake", CONTROL_U, "b"], "b"),
        (["e\u0301", DELETE, "b"], "eb"),
    ],
    ids=["4 bytes", "2 bytes", "more than there are", "the line", "a mark"],
)
def test_what_was_typed_can_be_taken_back(vault, keys, value):
    assert unlock(vault, "add", "NAME").answer("Value: ", *keys, "\r").end() == 0
    assert vault.ok("reveal", "NAME") == value.encode()


@pytest.mark.parametrize("key", [CONTROL_C, CONTROL_D], ids=["Ctrl-C", "Ctrl-D"])
def test_giving_up_at_a_question_changes_nothing(vault, key):
    before = vault.rows()
    assert Dialogue(vault, "add", "NAME").answer("Passphrase: ", key).end() == 69
    assert unlock(vault, "add", "NAME").answer("Value: ", key).end() == 69
    assert vault.rows() == before


def test_giving_up_in_the_middle_of_a_line_shows_nothing_of_it(vault):
    dialogue = unlock(vault, "add", "NAME").answer("Value: ", VALUE, CONTROL_C)
    assert dialogue.end() == 69
    assert VALUE not in dialogue.shown


def test_a_signal_at_a_question_leaves_the_terminal_as_it_was(vault):
    dialogue = Dialogue(vault, "list").answer("Passphrase: ", PASSPHRASE)
    os.kill(dialogue.pid(), signal.SIGTERM)
    assert dialogue.end() == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    "typed, status", [("", 65), ("not it", 77), ("x" * 4097, 65)], ids=["empty", "wrong", "4097 bytes"])
def test_a_bad_passphrase_is_refused(vault, typed, status):
    dialogue = Dialogue(vault, "list").answer("Passphrase: ", typed, "\r")
    assert dialogue.end() == status
    assert typed == "" or typed not in dialogue.shown


def test_a_pipe_gives_the_value_and_the_terminal_the_passphrase(vault):
    dialogue = Dialogue(vault, "add", "NAME", input="piped").answer("Passphrase: ", PASSPHRASE, "\r")
    assert dialogue.end() == 0
    assert vault.ok("reveal", "NAME") == b"piped"


def test_a_revealed_value_stands_on_a_line_of_its_own(vault):
    vault.ok("add", "NAME", input=VALUE)
    dialogue = unlock(vault, "reveal", "NAME")
    assert dialogue.end() == 0
    assert dialogue.shown.splitlines() == ["Passphrase: ", VALUE]
