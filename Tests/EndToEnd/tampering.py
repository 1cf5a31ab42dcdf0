"""Changes behind the program's back: with SQLite, and without the vault's key."""

import contextlib
import sqlite3


def flip(blob):
    """The blob with one bit changed."""
    middle = len(blob) // 2
    return blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1:]


@contextlib.contextmanager
def opened(path):
    """The vault's file as SQLite sees it, held to no foreign key and no check; what is done is kept."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.create_function("flip", 1, flip, deterministic=True)
        with database:
            yield database


def change(path, *statements):
    """Carries out statements, each of which must change at least one row."""
    with opened(path) as database:
        for statement in statements:
            before = database.total_changes
            database.execute(statement)
            assert database.total_changes > before, statement


def rows(path, table):
    """Every row of a table, to be put back later."""
    with opened(path) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


def put_back(path, table, rows):
    """Makes these rows part of the table, in place of those with the same key."""
    with opened(path) as database:
        for row in rows:
            database.execute(f"REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)
