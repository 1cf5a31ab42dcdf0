"""Rows deleted, added, swapped and put back without the key, and a whole file rolled back: all is noticed."""

import json
import os
import re

import pytest

from checks import DAMAGED, Vault, verified
from snapshots import Snapshot, edited, rows, tables

TABLES = ["vault", "key_slots", "scopes", "secrets", "tokens", "state", "events", "secret_versions"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A vault, and two snapshots of its folder: one before the last changes, one after."""
    vault = Vault(tmp_path_factory.mktemp("rows")).init()
    for project in ("web", "mobile"):
        vault.ok("project", "create", project)
        vault.ok("import", "-", "--format", "json", "--project", project, input=json.dumps({"A": "a", "B": "b"}))
    vault.ok("import", "-", "--format", "json", input=json.dumps({f"SECRET_{n}": f"value {n}" for n in range(6)}))
    for name in ("one", "two", "three"):
        vault.ok("token", "create", "--name", name)
    older = Snapshot(vault)
    vault.ok("rotate", "SECRET_1", input="another value")
    vault.ok("update", "SECRET_2", "--default-available", "true")
    vault.ok("rotate", "SECRET_2", input="another value")
    vault.ok("delete", "SECRET_3")
    vault.ok("token", "revoke", "two")
    vault.ok("project", "delete", "mobile", "--with-secrets")
    return vault, older, Snapshot(vault)


@pytest.fixture
def damaged(prepared):
    """The vault as it is now, to be damaged."""
    vault, _, now = prepared
    now.restore()
    return vault


@pytest.fixture
def older_rows(prepared):
    """All rows as they were before the last changes."""
    vault, older, _ = prepared
    return {name.decode(): found for name, found in rows(older.files[vault.path]).items()}


def check_noticed(vault, table, *kinds):
    """That `verify` reports the damage, as one of these kinds."""
    done = vault.run("verify")
    message = (done.stdout + done.stderr).decode()
    # A slot that was changed looks like a wrong passphrase, and so does every slot under another vault's id.
    expected = {DAMAGED, 77} if table in ("vault", "key_slots") else {DAMAGED}
    assert done.returncode in expected, f"{table}: {done.returncode} {message}"
    words = [f"row {kind}" for kind in kinds]
    if table == "scopes":
        # Without its personal scope a vault is not opened, and so not looked at any further.
        words.append("tampered with: scope ")
    if done.returncode == DAMAGED and table not in ("vault", "key_slots", "state"):
        assert any(word in message for word in words), f"{table}: {message}"


def keys(database, table):
    """The condition that picks one row by its primary key, and the keys of its first, its middle and its last row."""
    names = [name for _, name, _, _, _, key in database.execute(f"PRAGMA table_info({table})") if key]
    assert names, f"there is no table {table}"
    found = database.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(names)}").fetchall()
    assert found, f"{table} is empty"
    return " AND ".join(f"{name} = ?" for name in names), sorted({found[0], found[len(found) // 2], found[-1]})


def columns(database, table):
    """Its columns but an integer that is its primary key alone, which SQLite would choose."""
    info = database.execute(f"PRAGMA table_info({table})").fetchall()
    alone = sum(1 for column in info if column[5]) == 1
    return [name for _, name, _, _, _, key in info if not (key and alone)]


def test_every_table_is_among_those_that_are_damaged(damaged):
    with edited(damaged) as database:
        assert set(tables(database)) <= set(TABLES)


def test_without_damage_there_is_no_complaint(damaged):
    verified(damaged)


@pytest.mark.parametrize("table", TABLES)
def test_a_deleted_row_is_noticed(prepared, damaged, figures, table):
    with edited(damaged) as database:
        one, found = keys(database, table)
    for key in found:
        prepared[2].restore()
        with edited(damaged) as database:
            assert database.execute(f"DELETE FROM {table} WHERE {one}", key).rowcount == 1
        check_noticed(damaged, table, "missing")
    figures(rows_deleted=len(found))


@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("vault", "state")])
def test_an_added_row_is_noticed(damaged, figures, table):
    with edited(damaged) as database:
        one, found = keys(database, table)
        names = columns(database, table)
        row = database.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {one}", found[-1]).fetchone()
        # The same row, under ids and tags of its own.
        new = [os.urandom(len(value)) if name in ("secret_id", "token_id", "name_tag")
               or (name, table) == ("scope_id", "scopes") else value for name, value in zip(names, row)]
        database.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(new))})", new)
    check_noticed(damaged, table, "added", "altered")
    figures(rows_added=1)


@pytest.mark.parametrize("table", [table for table in TABLES if table not in ("vault", "state", "key_slots")])
def test_two_swapped_rows_are_noticed(prepared, damaged, figures, table):
    with edited(damaged) as database:
        one, found = keys(database, table)
        key_names = {name for name in re.findall(r"(\w+) = ", one)}
        names = [name for name in columns(database, table) if name not in key_names]
    assert len(found) > 1, f"{table} has no two rows"
    swaps = [names] + [[name] for name in names if name.startswith(("sealed", "wrapped")) and len(names) > 1]
    for swapped in swaps:
        prepared[2].restore()
        with edited(damaged) as database:
            read = f"SELECT {', '.join(swapped)} FROM {table} WHERE {one}"
            first, last = (database.execute(read, key).fetchone() for key in (found[0], found[-1]))
            assert first != last
            write = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in swapped)} WHERE {one}"
            # By way of values that break no constraint of uniqueness.
            parked = [os.urandom(len(value)) if isinstance(value, bytes) else value for value in first]
            for values, key in ((parked, found[0]), (first, found[-1]), (last, found[0])):
                database.execute(write, (*values, *key))
        check_noticed(damaged, table, "altered", "replayed")
    figures(rows_swapped=len(swaps))


@pytest.mark.parametrize("table", ["secrets", "tokens", "scopes", "state"])
def test_a_row_put_back_as_it_was_is_noticed(prepared, damaged, older_rows, figures, table):
    with edited(damaged) as database:
        keys(database, table)
        now = database.execute(f"SELECT * FROM {table}").fetchall()
    # Those that were changed since, and those that are gone.
    older = [row for row in older_rows[table] if row not in now]
    assert older
    for row in older:
        prepared[2].restore()
        with edited(damaged) as database:
            database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        check_noticed(damaged, table, "replayed", "added")
    figures(rows_replayed=len(older))


def test_a_whole_file_rolled_back_is_refused_and_taken_when_told(prepared, damaged, figures):
    older = prepared[1].files[damaged.path]
    for command in (["verify"], ["list"], ["reveal", "SECRET_1"], ["add", "NEW"], ["export", "--all"],
                    ["serve", "--port", "0"]):
        prepared[2].restore((damaged.path, older))
        done = damaged.run(*command, input="value")
        assert done.returncode == DAMAGED and done.stdout == b"", f"{command[0]}: {done.returncode}"
        assert damaged.path.read_bytes() == older, "a refusal has changed the file"
    damaged.ok("verify", "--accept-rollback")
    assert damaged.ok("reveal", "SECRET_1") == b"value 1"
    verified(damaged)
    figures(files_rolled_back=1)
