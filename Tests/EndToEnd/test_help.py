"""The help of every command, word for word as in help/, and each with an example that can be typed.

After a change on purpose, `COFFER_REMAKE_HELP=1 pytest test_help.py` writes the files anew: read the difference.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from conftest import PROGRAM

HELP = Path(__file__).parent / "help"
COMMANDS = sorted(tuple(file.stem.split(".")[1:]) for file in HELP.glob("*.txt"))
NAMES = [" ".join(["coffer", *command]) for command in COMMANDS]


def file_of(command):
    return HELP / (".".join(["coffer", *command]) + ".txt")


def run(*arguments):
    done = subprocess.run(
        [PROGRAM, *arguments], env={"COLUMNS": "80"}, stdin=subprocess.DEVNULL, capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def walk(command=()):
    """Every command there is and its help, as far as the help of the ones above tells."""
    text = run("help", *command)
    yield command, text
    _, _, listed = text.partition("SUBCOMMANDS:\n")
    for name in re.findall(r"^  ([a-z-]+)", listed, re.MULTILINE):
        yield from walk((*command, name))


def test_every_command_has_a_file_and_every_file_a_command():
    commands = dict(walk())
    if os.environ.get("COFFER_REMAKE_HELP"):
        for file in HELP.glob("*.txt"):
            file.unlink()
        for command, text in commands.items():
            file_of(command).write_text(text)
    assert sorted(HELP.glob("*.txt")) == sorted(map(file_of, commands))


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_help_is_word_for_word_what_the_file_says(command):
    expected = file_of(command).read_text()
    assert run("help", *command) == expected
    assert run(*command, "--help") == expected
    assert run(*command, "-h") == expected


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_help_has_an_example_of_the_command_with_options_that_it_has(command):
    overview, usage = file_of(command).read_text().split("\nUSAGE:")
    example = overview.partition("\nEXAMPLE:\n")[2]
    assert re.search(rf"^  .*\b{' '.join(['coffer', *command])}\b", example, re.MULTILINE)
    for line in re.findall(r"coffer (.*)", example):
        path = next(c for c in reversed(COMMANDS) if c == tuple(line.split()[: len(c)]))
        text = file_of(path).read_text()
        # Without a subcommand, its default one.
        for default in re.findall(r"^  ([a-z-]+) \(default\)", text, re.MULTILINE):
            text += file_of((*path, default)).read_text()
        for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", line):
            assert re.search(rf"(?<![\w-]){option}\b", text), line


def test_help_fits_a_terminal_of_80_columns():
    for file in HELP.glob("*.txt"):
        for line in file.read_text().splitlines():
            assert len(line) <= 80 or line.startswith("USAGE:"), f"{file.name}: {line}"


@pytest.mark.parametrize("flag", ["--version", "--help", "-h"])
def test_the_program_explains_itself_without_a_vault(flag):
    assert run(flag)
    assert flag != "--version" or re.fullmatch(r"\d+\.\d+\.\d+\n", run(flag))
