"""Whether a vault is sound, and what it holds: by the program, by SQLite, and by the second reader."""

import contextlib
import functools
import json
import sqlite3

import second_reader
from end_to_end import Vault  # noqa: F401 (for the tests)

DAMAGED, INPUT_OUTPUT = 76, 74

# Deriving a key is all that costs the second reader time, and equal inputs give equal keys.
second_reader.sodium.crypto_pwhash_alg = functools.lru_cache(64)(second_reader.sodium.crypto_pwhash_alg)


def contents(vault):
    """By scope and name, what the second reader finds of each secret: id, value, flag, how often it was written."""
    passphrase = second_reader.passphrase_in(vault.passphrase_file)
    with second_reader.Reader(vault.path, passphrase) as reader:
        return {
            (scope.name, secret.name): {
                "id": str(secret.id), "value": reader.reveal(scope, secret),
                "default_available": secret.default_available, "revision": secret.metadata_revision}
            for scope in [reader.personal(), *reader.projects()] for secret in reader.secrets(scope)}


def verified(vault):
    """Fails unless all of the vault is sound; gives its contents."""
    with contextlib.closing(sqlite3.connect(vault.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    vault.ok("verify")
    found = contents(vault)
    personal = {name: secret["value"] for (scope, name), secret in found.items() if scope == ""}
    assert exported(vault) == personal, "the program and the second reader differ"
    return found


def exported(vault):
    """By name, each personal secret's value as the program reads it."""
    return json.loads(vault.ok("export", "--all", "--format", "json"))
