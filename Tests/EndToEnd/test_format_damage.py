"""Whatever is changed in a vault without its keys, a second reader that knows only docs/format.md notices.

Which damage it is, and what the program says of it, is in the vectors.
"""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import PASSPHRASE, Vault
from second_reader import Reader, VaultError

TABLES = ["vault", "state", "key_slots", "scopes", "secrets", "secret_versions", "tokens", "events"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A vault with rows in every table. The tests copy it and leave it as it is."""
    vault = Vault(tmp_path_factory.mktemp("filled")).init()
    vault.ok("add", "FIRST", input="a value")
    vault.ok("rotate", "FIRST", input="another value")
    vault.ok("project", "create", "Filled")
    vault.ok("add", "SECOND", "--project", "Filled", input="a value")
    vault.ok("token", "create", "--name", "filled")
    with closing(sqlite3.connect(vault.path)) as database:
        assert database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return vault


def noticed(path):
    """What the second reader says of a vault: that it does not open, or what does not hold of it."""
    try:
        with Reader(path, PASSPHRASE.encode()) as reader:
            return reader.verify()
    except VaultError as error:
        return [error]


@contextmanager
def copy_of(vault, folder):
    """A copy of the vault, opened for writing as no program of ours would."""
    path = folder / "copy"
    shutil.copyfile(vault.path, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.row_factory = sqlite3.Row
        yield SimpleNamespace(path=path, execute=database.execute)


def test_the_copy_is_good_before_it_is_changed(filled, tmp_path):
    """The control of those below."""
    with copy_of(filled, tmp_path) as copy:
        assert all(copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)
    assert noticed(copy.path) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_is_deleted_is_noticed(filled, tmp_path, table):
    """The first of each table, and the last."""
    for function in ("min", "max"):
        with copy_of(filled, tmp_path) as copy:
            key = copy.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk = 1").fetchone()[0]
            copy.execute(f"DELETE FROM {table} WHERE {key} = (SELECT {function}({key}) FROM {table})")
        assert noticed(copy.path)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_is_added_is_noticed(filled, tmp_path, table):
    """A copy of one that is there, under the next number, id and tag."""
    with copy_of(filled, tmp_path) as copy:
        former = dict(copy.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())
        unique = {"one", "slot", "sequence", "value_revision"}
        fresh = {c: 1_000 if c in unique else b"\1" * len(v) if c in ("token_id", "name_tag") else v
                 for c, v in former.items()}
        if table in ("scopes", "secrets"):
            fresh[f"{table[:-1]}_id"] = b"\1" * 16
        assert fresh != former
        copy.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(fresh))})", list(fresh.values()))
    assert noticed(copy.path)


@pytest.mark.parametrize("table", TABLES)
def test_a_column_that_is_changed_is_noticed(filled, tmp_path, table):
    """One bit of each column of one row."""
    with copy_of(filled, tmp_path) as copy:
        columns = dict(copy.execute(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1").fetchone())
    for name, value in columns.items():
        if isinstance(value, str):
            changed = "recovery"
        else:
            changed = value ^ 64 if isinstance(value, int) else value[:-1] + bytes([value[-1] ^ 1])
        with copy_of(filled, tmp_path) as copy:
            assert copy.execute(f"UPDATE {table} SET {name} = ? WHERE {name} = ?", (changed, value)).rowcount >= 1
        assert noticed(copy.path), name


def test_the_second_reader_answers_at_the_command_line(filled, tmp_path):
    """With 0 for a good vault, and 76 for one in which something is wrong."""
    def answer(path, *options):
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("second_reader.py"), *options, path, filled.passphrase_file],
            capture_output=True, text=True)
        return done.returncode, done.stdout

    assert answer(filled.path, "--verify") == (0, "[]\n")
    assert answer(filled.path, "--log")[1].count('"kind": 4') == 1
    mark, = filled.folder.rglob("*.mark")
    assert answer(filled.path, "--mark", mark, "--verify") == (0, "[]\n")
    with copy_of(filled, tmp_path) as copy:
        copy.execute("DELETE FROM tokens")
    status, output = answer(copy.path, "--verify")
    assert status == 76 and '"check": "digest"' in output and '"check": "counts"' in output
