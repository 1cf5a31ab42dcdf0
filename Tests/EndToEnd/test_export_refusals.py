"""When a format cannot hold a secret, the export names it and those that can, and writes nothing."""

import os

import pytest

from env_exports import refusals, vault_of

CANARY = "canary-4f1b"
ENTRIES = {
    "BREAK": f"{CANARY}\n{CANARY}", "CR": f"{CANARY}\r", "QUOTES": f"'{CANARY}\"`\n", "RANDOM": CANARY,
    "NODE_UNIQUE_ID": CANARY, "NODE_OPTIONS": CANARY, "SHLVL": CANARY, "PLAIN": CANARY,
}
REFUSED = {
    "docker": {
        "BREAK": "contains a line break", "QUOTES": "contains a line break", "CR": "ends with a carriage return",
    },
    "node": {
        "CR": "contains a carriage return", "NODE_UNIQUE_ID": "is a name that Node keeps for itself",
        "QUOTES": 'contains quotes of all kinds ("\\n" counts as a double one) and cannot stand without quotes',
    },
    "shell": dict.fromkeys(["RANDOM", "SHLVL"], "is a variable that bash or dash keeps for itself"),
    "fish": {"SHLVL": "is a variable that fish keeps for itself"},
    "github": {"NODE_OPTIONS": "is a variable that the runner keeps for itself"},
}


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    return vault_of(tmp_path_factory.mktemp("vault"), ENTRIES)


def export(vault, dialect, *options):
    return vault.run("export", "--format", dialect, *(f"--secret={name}" for name in ENTRIES), *options)


@pytest.mark.parametrize("dialect", REFUSED)
@pytest.mark.parametrize("content", [None, "as it was\n"], ids=["no file", "a file"])
def test_a_refused_export_leaves_the_folder_as_it_was(vault, folder, dialect, content):
    output = folder / "env"
    if content:
        output.write_text(content)
    before = os.listdir(folder), output.exists() and output.stat()
    done = export(vault, dialect, "-o", output)
    assert refusals(done) == REFUSED[dialect]
    assert (os.listdir(folder), output.exists() and output.stat()) == before
    assert content is None or output.read_text() == content
    assert CANARY.encode() not in done.stdout + done.stderr


@pytest.mark.parametrize("dialect", REFUSED)
def test_a_refused_export_writes_nothing_to_standard_output(vault, dialect):
    done = export(vault, dialect)
    assert refusals(done) == REFUSED[dialect]
    assert CANARY.encode() not in done.stderr


@pytest.mark.parametrize(
    "dialect, name, holders",
    [
        ("docker", "BREAK", "shell, dotenv, compose, node, json, yaml, github, fish, kubernetes"),
        ("docker", "QUOTES", "shell, dotenv, compose, json, yaml, github, fish, kubernetes"),
        ("node", "CR", "shell, dotenv, compose, json, yaml, github, fish, kubernetes"),
        ("shell", "SHLVL", "dotenv, compose, docker, node, json, yaml, github, kubernetes"),
        ("github", "NODE_OPTIONS", "shell, dotenv, compose, docker, node, json, yaml, fish, kubernetes"),
    ])
def test_the_formats_that_hold_all_of_it_are_named(vault, dialect, name, holders):
    done = vault.run("export", "--format", dialect, "--secret", name, "--secret", "PLAIN")
    assert done.stderr.decode().endswith(f"\ncoffer: hint: nothing was written; these formats can: {holders}\n")
