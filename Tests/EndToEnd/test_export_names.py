"""A name that a reader keeps for itself is refused; every other arrives, however odd."""

import re
import shutil
from pathlib import Path

import pytest

from env_exports import export, vault_of
from readers import READERS, fish, posix

ODD = ["A", "HOME", "N", "NO", "NULL", "OFF", "ON", "TRUE", "Y", "YES", "_".join("Z" * 64) + "_", "Z" * 128, "Z___1__0"]
# Of each kind one or two; the encoders have the whole lists.
KEPT = {
    "shell": {"BASHOPTS", "COLUMNS", "LINENO", "OPTIND", "RANDOM", "SECONDS", "SHLVL", "UID"},
    "fish": {"COLUMNS", "PATH", "PWD", "SHLVL"},
    "github": {"GITHUB_ENV", "GITHUB_SHA", "NODE_OPTIONS", "RUNNER_TEMP"},
    "node": {"NODE_CHANNEL_FD", "NODE_UNIQUE_ID"},
}
SPECIAL = set(ODD).union(*KEPT.values())


def value_of(name):
    # Node takes its options from the file, and does not start with others.
    return "--no-warnings" if name == "NODE_OPTIONS" else f"value of {name}"


def words(program):
    """The names that stand in a program: among them those of the variables it knows."""
    content = Path(shutil.which(program)).read_bytes()
    found = re.findall(rb"(?<![A-Za-z0-9_])[A-Z][A-Z0-9_]{1,127}(?![A-Za-z0-9_])", content)
    return {word.decode() for word in found}


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    names = SPECIAL.union(*map(words, ["bash", "dash", "fish"]))
    return vault_of(tmp_path_factory.mktemp("vault"), {name: value_of(name) for name in names})


@pytest.mark.parametrize("dialect, reader", [(d, r) for d in READERS for r in READERS[d]])
def test_a_name_arrives_unless_the_reader_keeps_it(vault, folder, dialect, reader):
    exported = export(vault, dialect, {name: value_of(name) for name in SPECIAL}, folder / "env")
    assert exported.refused.keys() == KEPT.get(dialect, set())
    assert all(reason.startswith(("is a variable that", "is a name that")) for reason in exported.refused.values())
    found = READERS[dialect][reader](exported.file, list(exported.held))
    assert found == {name: value.encode() for name, value in exported.held.items()}


def in_bash(file, names):
    return posix.environment("bash", file)


def in_dash(file, names):
    return posix.environment("dash", file)


@pytest.mark.parametrize(
    "dialect, program, read", [("shell", "bash", in_bash), ("shell", "dash", in_dash), ("fish", "fish", fish.read)])
def test_each_variable_that_a_shell_knows_arrives_or_is_refused(vault, folder, dialect, program, read):
    exported = export(vault, dialect, {name: value_of(name) for name in words(program)}, folder / "env")
    found = read(exported.file, list(exported.held))
    assert {n: found.get(n) for n in exported.held} == {name: value.encode() for name, value in exported.held.items()}
