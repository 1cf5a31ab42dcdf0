"""The good vault that the vectors are made of, with the rows that it once had and has no more.

Made by the built program, so that nothing in it is what only this file thinks right.
"""

import shutil
import sqlite3
import tempfile
from collections import namedtuple
from contextlib import closing
from pathlib import Path

from conftest import Vault

PROJECT = "Vectors"
SECRETS = {
    "FIRST_KEY": "the first value of the sample",
    "SECOND_KEY": "the second value of the sample",
    "PROJECT_KEY": "the value in the project of the sample",
    "ROTATED_KEY": "the twelfth value of the sample",
}
# Of a secret that was deleted, and of the one that was rotated, before it was for the last time.
DELETED, BEFORE_LAST = "the value of a deleted secret", "the value before the last of the sample"
# Rows are numbered by creation, so these find them without a key.
FIRST, SECOND, IN_PROJECT, ROTATED = (f"sequence = {n}" for n in (1, 2, 3, 4))
PERSONAL, THE_PROJECT, EMPTY_PROJECT = (f"sequence = {n}" for n in (1, 2, 3))
THE_TOKEN = "sequence = 1"
VERSIONS = f"secret_id = (SELECT secret_id FROM secrets WHERE {ROTATED})"

# Rows as they once were: of deleted ones, of a secret before its last change and before each of the last two rotations,
# of the former value that was dropped first, and of the state before the last reading and before the change before it.
Former = namedtuple("Former", "project secret token second rotated version state_before_reading state_before_change")


def row(path, table, where="1"):
    """One row, its columns by name."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        found, = database.execute(f"SELECT * FROM {table} WHERE {where}").fetchall()
        return dict(found)


def make_good(path):
    """Makes the sample at `path`, packed in pages of 1 KiB, and gives the former rows."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder)).init()
        former = fill(vault)
        with closing(sqlite3.connect(vault.path, isolation_level=None)) as database:
            # The size of a page can be changed only outside of WAL mode.
            database.execute("PRAGMA journal_mode = DELETE").fetchall()
            database.execute("PRAGMA page_size = 1024")
            database.execute("VACUUM")
            database.execute("PRAGMA journal_mode = WAL").fetchall()
        shutil.copyfile(vault.path, path)
    return former


def fill(vault):
    def last(table):
        return row(vault.path, table, f"sequence = (SELECT max(sequence) FROM {table})")

    vault.ok("add", "FIRST_KEY", "--default-available", input=SECRETS["FIRST_KEY"])
    vault.ok("add", "SECOND_KEY", input=SECRETS["SECOND_KEY"])
    vault.ok("project", "create", PROJECT)
    vault.ok("add", "PROJECT_KEY", "--project", PROJECT, input=SECRETS["PROJECT_KEY"])
    vault.ok("project", "create", "Empty")
    vault.ok("project", "create", "Deleted")
    project = last("scopes")
    vault.ok("project", "delete", "Deleted")
    version, rotated = rotate(vault)
    vault.ok("add", "DELETED_KEY", input=DELETED)
    secret = last("secrets")
    vault.ok("delete", "DELETED_KEY")
    vault.ok("token", "create", "--name", "vectors")
    vault.ok("token", "create", "--name", "revoked")
    token = last("tokens")
    vault.ok("token", "revoke", "revoked")
    second, state_before_change = row(vault.path, "secrets", SECOND), row(vault.path, "state")
    vault.ok("update", "SECOND_KEY", "--default-available", "true")
    state_before_reading = row(vault.path, "state")
    vault.ok("reveal", "FIRST_KEY")
    return Former(project, secret, token, second, rotated, version, state_before_reading, state_before_change)


def rotate(vault):
    """Eleven rotations: the first former value, which the eleventh drops, and the secret's row before the last one."""
    vault.ok("add", "ROTATED_KEY", input="the first value of the sample that was rotated")
    for value in [f"value {number} of the sample that was rotated" for number in range(2, 11)] + [BEFORE_LAST]:
        vault.ok("rotate", "ROTATED_KEY", input=value)
    version, rotated = row(vault.path, "secret_versions", "value_revision = 1"), row(vault.path, "secrets", ROTATED)
    vault.ok("rotate", "ROTATED_KEY", input=SECRETS["ROTATED_KEY"])
    return version, rotated
