"""Writes a vector, and what is to be expected of it; `scripts/make-vectors` says what the words of the index mean."""

import shutil
import sqlite3
from contextlib import closing
from uuid import UUID

from conftest import PASSPHRASE, REPOSITORY
from vectors.sample import FIRST, SECOND, row

VECTORS = REPOSITORY / "Tests" / "Vectors"
GOOD = VECTORS / "good.coffer"
index = []


def reads(open=0, list=0, list_project=0, list_tokens=0, first=0, second=0, **others):
    return {"open": open, "list": list, "list_project": list_project, "list_tokens": list_tokens,
            "reveal": {"FIRST_KEY": first, "SECOND_KEY": second, **others}}


def refused(status):
    return reads(status, status, status, status, status, status)


LOG_GOES_ON = reads(first=76, second=76)
FIRST_IS_DAMAGED = reads(list=76, first=76)
PROJECT_IS_DAMAGED = reads(list_project=76)


def found(fails, *says):
    """What checking all of it finds: checks, divided by spaces, and the program's words."""
    return {"status": 76, "fails": sorted(fails.split()), "says": sorted(says)}


def note(name, about, expected, verify=None, file=None, passphrase=PASSPHRASE, values=None):
    verify = verify or {"status": expected["open"], "fails": [], "says": []}
    index.append({"name": name, "file": file or f"{name}.coffer", "passphrase": passphrase, "about": about,
                  "reads": expected, "verify": verify} | ({"values": values} if values else {}))


def changed(name, about, expected, verify, *statements, values=None, **bound):
    """The good vault, changed by SQL."""
    path = VECTORS / f"{name}.coffer"
    shutil.copyfile(GOOD, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert database.execute(statement, bound).rowcount in (1, -1), name  # -1: no statement that counts rows
    note(name, about, expected, verify, values=values)


def raw(name, about, expected, content):
    """A file that SQLite does not read."""
    (VECTORS / f"{name}.coffer").write_bytes(content)
    note(name, about, expected)


def flipped(table, column, expected, verify, why, where="1", of=""):
    """One bit of one column, the fourth of an integer or the last of a BLOB. Costs stay within their bounds."""
    value = row(GOOD, table, where)[column]
    value = value ^ 8 if isinstance(value, int) else value[:-1] + bytes([value[-1] ^ 1])
    changed(f"flipped-{table}.{column}{of}", f"One bit of {table}.{column} is flipped: {why}.", expected, verify,
            f"UPDATE {table} SET {column} = :value WHERE {where}", value=value)


def swapped(name, about, expected, verify, *columns):
    """Columns of the first two secrets exchanged, by way of zeros: no two tags may be equal even for a moment."""
    bound = {f"{c}_{n}": row(GOOD, "secrets", w)[c] for c in columns for n, w in ((1, FIRST), (2, SECOND))}
    steps = [f"UPDATE secrets SET {c} = {value} WHERE {where}" for c in columns
             for value, where in (("zeroblob(16)", FIRST), (f":{c}_1", SECOND), (f":{c}_2", FIRST))]
    changed(f"swapped-{name}", about, expected, verify, *steps, **bound)


def deleted(name, about, expected, verify, table, where):
    changed(f"deleted-{name}", about, expected, verify, f"DELETE FROM {table} WHERE {where}")


def put(table, former):
    """The statement that puts a row into a table, or in the place of the one with its number."""
    columns = ", ".join(former)
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({', '.join(f':{c}' for c in former)})"


def put_back(name, about, expected, verify, table, former, values=None):
    changed(name, about, expected, verify, put(table, former), values=values, **former)


def text(id):
    return str(UUID(bytes=id))


def secret(where):
    return f"secret {text(row(GOOD, 'secrets', where)['secret_id'])}"


def scope(where):
    return f"scope {text(row(GOOD, 'scopes', where)['scope_id'])}"
