"""Everything of a vault that lies on disk, taken and put back: the file, its log, and what is kept of it elsewhere."""

import contextlib
import sqlite3

# What `coffer` keeps in a table for SQLite and its library, none of it of the vault.
NOT_THE_VAULTS = ("grdb_migrations", "sqlite_sequence")


class Snapshot:
    """The folder of a vault as it was."""

    def __init__(self, vault):
        self.folder = vault.folder
        self.files = {path: path.read_bytes() for path in vault.folder.rglob("*") if path.is_file()}

    def restore(self, file=None):
        """Puts everything back, with `file` in place of the vault's file where it is given: (its path, its bytes)."""
        for path in [path for path in self.folder.rglob("*") if path.is_file() and path not in self.files]:
            path.unlink()
        for path, data in self.files.items():
            path.write_bytes(file[1] if file and file[0] == path else data)


def tables(database):
    """The names of the vault's tables."""
    names = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return [name for name in names if name not in NOT_THE_VAULTS]


def rows(data):
    """All rows of a vault's file, by table, as SQLite reads them without an index; None where it cannot."""
    # A file in memory has no write-ahead log, so it may not ask for one.
    data = data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.text_factory = bytes
        try:
            database.deserialize(data)
            return {name: database.execute(f"SELECT * FROM {name.decode()} NOT INDEXED").fetchall()
                    for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
                    if name.decode() not in NOT_THE_VAULTS}
        except (sqlite3.Error, UnicodeDecodeError):
            return None


@contextlib.contextmanager
def edited(vault):
    """The vault's file, opened by somebody without its key, who is bound by no constraint that can be turned off."""
    with contextlib.closing(sqlite3.connect(vault.path, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("BEGIN")
        yield database
        database.execute("COMMIT")
