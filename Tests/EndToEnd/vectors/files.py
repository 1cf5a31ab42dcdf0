"""Files that are no vault, or not the one that they were, and key slots: most of it is refused before a key is had."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from nacl.utils import random

from conftest import Vault
from vectors.sample import FIRST, row
from vectors.writing import GOOD, VECTORS, changed, deleted, flipped, found, note, put, put_back, raw, reads, refused


def make_files():
    note("good", "The sample as it was made: everything opens.", reads(ROTATED_KEY=0))
    note("wrong-passphrase", "The sample, and another passphrase.", refused(77), file="good.coffer",
         passphrase="correct horse battery")
    raw("empty", "A file of no bytes.", refused(76), b"")
    raw("truncated", "The first half of the sample.", refused(76), GOOD.read_bytes()[:GOOD.stat().st_size // 2])
    raw("not-sqlite", "A text file.", refused(65), b"This is a text file, and not a vault at all.\n" * 50)
    # Out of WAL mode, so that a program which turns it on before it has looked at the file is found out.
    changed("foreign-application_id", "Another program's application_id.", refused(65), None,
            "PRAGMA journal_mode = DELETE", "PRAGMA application_id = 0x434F4647")
    changed("newer-schema", "A user_version that is one greater than the greatest there is.", refused(65), None,
            "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 2")
    changed("planted-trigger", "A trigger that would undo what was just written.", refused(76), None,
            "CREATE TRIGGER planted AFTER INSERT ON secrets "
            "BEGIN DELETE FROM secrets WHERE sequence = new.sequence; END")
    changed("planted-view", "A view in the place of a table, which could have rows without end.", refused(76), None,
            "DROP TABLE key_slots", "CREATE VIEW key_slots AS SELECT 1 AS slot")
    changed("planted-index", "An index that is not of the schema.", refused(76), None,
            "CREATE INDEX planted ON secrets (value_revision)")
    make_hidden()


def make_hidden():
    """A row that its table has and an index has not: written while SQLite did not know of the index."""
    path, former = VECTORS / "hidden-from-an-index.coffer", row(GOOD, "secrets", FIRST)
    shutil.copyfile(GOOD, path)
    one_index = "FROM sqlite_schema WHERE name = 'secrets_in_order'"

    def change(*statements):
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA writable_schema = ON")
            return [database.execute(*statement).fetchall() for statement in statements]

    (entry,), _, _ = change([f"SELECT * {one_index}"], [f"DELETE FROM secrets WHERE {FIRST}"], [f"DELETE {one_index}"])
    change([put("secrets", former), former], ["INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", entry])
    note("hidden-from-an-index", "The first secret is in its table, and not in the index that lists are made by.",
         reads(), found("structure", "file altered: SQLite finds its structure wrong"))


def make_key_slots():
    for column, below, above in (("operations", 1, 17), ("memory", (19 << 20) - 1, (2 << 30) + 1)):
        for bound, value in (("below", below), ("above", above)):
            changed(f"{column}-{bound}-bounds", f"A slot of {column} {value}, to be refused before deriving.",
                    refused(76), None, f"UPDATE key_slots SET {column} = {value}")
    changed("salt-size", "A salt of 15 bytes, to be refused before deriving.", refused(76), None,
            "UPDATE key_slots SET salt = substr(salt, 1, 15)")
    flipped("vault", "vault_id", refused(77), None, "the slot was wrapped for another vault")
    flipped("key_slots", "slot", refused(77), None, "the root key was wrapped for another slot")
    flipped("key_slots", "operations", refused(77), None, "another cost gives another wrapping key")
    flipped("key_slots", "memory", refused(77), None,
            "in whole KiB it is the same, but the root key was wrapped for another")
    flipped("key_slots", "salt", refused(77), None, "another salt gives another wrapping key")
    flipped("key_slots", "wrapped_root_key", refused(77), None, "the box does not open")
    deleted("key_slot", "The only key slot is gone.", refused(76), None, "key_slots", "1")
    slot = row(GOOD, "key_slots") | {"slot": 2, "salt": random(16), "wrapped_root_key": random(72)}
    put_back("added-key_slot", "A second key slot was added without the keys.", reads(),
             found("digest counts", "row added: 1 of key_slots, which cannot be told"), "key_slots", slot)
    changed("too-many-key_slots", "Seventeen key slots, to be refused before deriving.", refused(76), None,
            *(f"INSERT INTO key_slots SELECT {n}, kind, operations, memory, salt, wrapped_root_key FROM key_slots "
              "WHERE slot = 1" for n in range(2, 18)))


def make_recovery():
    """The sample with a second slot, which a recovery code opens."""
    path = VECTORS / "recovery-code.coffer"
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder))
        vault.path.parent.mkdir(mode=0o700)
        shutil.copyfile(GOOD, vault.path)
        code = vault.ok("recovery", "create").decode().strip()
        shutil.copyfile(vault.path, path)
        another = vault.ok("recovery", "create", "--replace").decode().strip()
    note("recovery-code", "A second slot, which the recovery code opens.", reads(ROTATED_KEY=0), passphrase=code)
    note("recovery-code-as-typed", "The code in small letters, with letters for digits that look like them, and blanks.",
         reads(), file=path.name, passphrase=code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    note("another-recovery-code", "A code with its checksum, of another vault.", refused(77), file=path.name,
         passphrase=another)
    note("passphrase-beside-recovery-code", "The passphrase opens the vault as before.", reads(), file=path.name)
