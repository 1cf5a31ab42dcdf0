"""What the tests of `coffer run` share: how it is called, programs to run, and a shell on a terminal."""

import contextlib
import os
import shlex
import shutil
import sys
import time
from pathlib import Path

import pexpect
import pytest

from conftest import PROGRAM, Vault

NAME, VALUE, LABEL = "TOKEN", "s3cr3t-välue", "{{$TOKEN}}"
CONTROL_C, CONTROL_D, CONTROL_Z, CONTROL_BACKSLASH = "\x03", "\x04", "\x1a", "\x1c"


@pytest.fixture(scope="session")
def vault_with_token(tmp_path_factory):
    """A vault with the secret, made once."""
    vault = Vault(tmp_path_factory.mktemp("token")).init()
    vault.ok("add", NAME, "--default-available", input=VALUE)
    return vault


@pytest.fixture
def vault(tmp_path, vault_with_token):
    """A copy of it."""
    vault = Vault(tmp_path)
    shutil.copytree(vault_with_token.path.parent, vault.path.parent)
    return vault


@pytest.fixture
def memory():
    """What a process has in its memory, as far as it may be read."""
    def read(pid):
        found = bytearray()
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as bytes_of:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                place, modes, *rest = line.split()
                if "r" not in modes or rest[-1:] and rest[-1].startswith("[v"):
                    continue
                start, end = (int(number, 16) for number in place.split("-"))
                bytes_of.seek(start)
                try:
                    found += bytes_of.read(end - start)
                except OSError:
                    pass
        return bytes(found)
    return read


def run_command(vault, *arguments):
    """The words of a command that runs ARGUMENTS with the secret in its environment, its output redacted."""
    return [str(PROGRAM), "run", "--", *map(str, arguments)]


def replace_command(vault, *arguments):
    """The same with `--no-redact`."""
    return [str(PROGRAM), "run", "--no-redact", "--", *map(str, arguments)]


def python(program):
    """The words of a command that runs a Python program, which has these modules at hand."""
    return [sys.executable, "-u", "-c", "import os, select, signal, sys, termios, time\n" + program]


# Tasks that are sent a signal right after they have shown something are Python programs, or shells that `exec`: between
# vfork(2) and exec(2) of a shell's own child, a signal can be lost on both, with us or without.


def until(condition, seconds=20):
    """Waits until the condition holds, and gives what it gave."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
    return result


def state(pid):
    """The state letter of a process (proc(5)): T is stopped; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def has_ended(pid):
    return state(pid) in ("", "Z")


def started(file):
    """The process id that a program has written to a file, once it has."""
    until(lambda: file.exists() and file.read_text().endswith("\n"))
    return int(file.read_text())


class Shell:
    """An interactive bash, with job control, on a terminal."""

    def __init__(self, vault, dimensions=(24, 200), **environment):
        self.vault = vault
        self.child = pexpect.spawn(
            "bash", ["--norc", "--noprofile", "--noediting", "-i"],
            env=vault.environment(PS1="READY> ", PS2="", TERM="xterm-256color", **environment),
            encoding="utf-8", dimensions=dimensions, timeout=30)
        self.child.delaybeforesend = None
        self.prompt()
        self.modes = self.line("stty -g").strip()

    def prompt(self):
        """Waits for the shell to ask for a line; gives what was shown before."""
        self.child.expect_exact("READY> ")
        return self.child.before

    def line(self, line):
        """Has the shell do a line, and gives what was shown, without the line itself."""
        self.child.sendline(line)
        return self.prompt().partition("\r\n")[2]

    def run(self, *arguments, before="", after=""):
        """Types a command that runs ARGUMENTS; does not wait for it."""
        # From a file, so that what is typed and echoed is short and cannot be taken for what the task shows.
        script = self.vault.folder / "task"
        script.write_text(f"exec {shlex.join(run_command(self.vault, *arguments))}\n")
        self.child.sendline(f"{before}sh {script}{after}")
        self.child.expect_exact("\r\n")

    def expect(self, text):
        self.child.expect_exact(text)
        return self.child.before

    def send(self, keys):
        self.child.send(keys)
        return self

    def status(self):
        """The exit status of the last command, whose end is waited for; the terminal must be as it was before."""
        self.shown = self.prompt()
        status = int(self.line("echo $?"))
        assert self.line("stty -g").strip() == self.modes
        return status

    def close(self):
        # It is given a tenth of a second to die.
        with contextlib.suppress(pexpect.ExceptionPexpect):
            self.child.close(force=True)
        until(lambda: not self.child.isalive())
