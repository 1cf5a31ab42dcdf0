"""A second reader of vault format 1, written from docs/format.md alone and sharing no code with the program.

What both agree on is the format; where they differ, one of the two, or the page, is wrong. It never writes, and beyond
the personal scope it checks a row when it touches it, not before: so tests can tell what of a damaged vault is good.

    python second_reader.py [--reveal] [--verify] [--log] [--mark FILE] VAULT PASSPHRASE_FILE
"""

import argparse
import json
import re
import sqlite3
import sys
from collections import namedtuple
from pathlib import Path
from uuid import UUID

from nacl import bindings as sodium

from second_reader_boxes import (
    Damaged, Fields, NotAVault, VaultError, WrongPassphrase, associated_data, check, name_tag, open_box, open_record,
    recovery_code, subkey, utf8)
from second_reader_integrity import check_mark, event_rows, open_event, open_state, verify

# `key` and `sealed_value` are what it takes to go on reading; everything else is metadata.
Scope = namedtuple("Scope", "id sequence revision created updated name settings tags key")
Secret = namedtuple("Secret", "id sequence metadata_revision value_revision default_available created_by_agent "
                              "created updated name mask sealed_value")
Version = namedtuple("Version", "value_revision replaced mask sealed_value")
Token = namedtuple("Token", "id sequence kind access created expires last_used revoked name projects")

# What a vault's schema may hold, but for indices that have no statement of their own.
SCHEMA = {("table", name) for name in (
    "vault", "state", "key_slots", "scopes", "secrets", "secret_versions", "tokens", "events", "grdb_migrations")}
SCHEMA |= {("index", "secrets_in_order")}


class Reader:
    """An opened vault, as it was at one moment."""

    SECRET = "secret_id, sequence, name_tag, metadata_revision, value_revision, sealed_metadata, sealed_value"
    VERSION = "value_revision, sealed_version, sealed_value"
    TOKEN = "token_id, sequence, sealed_details"

    def __init__(self, path, passphrase):
        # SQLite takes a file of no bytes for a database of no tables; no writer leaves a vault so.
        check(Path(path).stat().st_size > 0, "file: empty")
        self.database = sqlite3.connect(Path(path).resolve().as_uri() + "?mode=ro", uri=True, isolation_level=None)
        try:
            # One transaction, so that a server writing meanwhile cannot show half of a change.
            self.rows("BEGIN")
            self.check_header()
            one, self.vault_id = self.row("SELECT one, vault_id FROM vault")
            check(one == 1, "vault.one")
            self.root_key = self.unwrap_root_key(passphrase)
            self.state = open_state(self)
            self.personal()  # a vault without its personal scope is no whole vault, whatever is asked of it
        except BaseException:
            self.database.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.database.close()

    def rows(self, query, *bound):
        try:
            return self.database.execute(query, bound).fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
                raise NotAVault("file: not SQLite") from None
            raise Damaged("file: SQLite cannot read it") from None

    def row(self, query, *bound):
        found = self.rows(query, *bound)
        check(len(found) == 1, "a row that there must be once")
        return found[0]

    def check_header(self):
        if self.row("PRAGMA application_id") != (0x434F4646,):
            raise NotAVault("application_id")
        version, = self.row("PRAGMA user_version")
        if version > 1:
            raise NotAVault("user_version: newer schema")
        check(version == 1, "user_version")
        # A planted trigger or view would run with what is asked for from here on.
        schema = set(self.rows("SELECT type, name FROM sqlite_schema WHERE type <> 'index' OR sql IS NOT NULL"))
        check(schema <= SCHEMA, "sqlite_schema: what does not belong there")

    def unwrap_root_key(self, passphrase):
        count, = self.row("SELECT count(*) FROM key_slots")
        check(1 <= count <= 16, "key_slots: their number")
        code, failure = recovery_code(passphrase), WrongPassphrase("key_slots")
        for kind, number, secret in [("recovery", b"\x02", code), ("passphrase", b"\x01", passphrase)]:
            for slot, operations, memory, salt, wrapped in self.slots(kind) if secret is not None else []:
                # Before deriving: a forged slot may neither weaken the vault nor hang its reader.
                if not (2 <= operations <= 16 and 19 << 20 <= memory <= 2 << 30
                        and len(salt) == 16 and len(wrapped) == 72):
                    failure = Damaged("key_slots: out of bounds")
                    continue
                key = sodium.crypto_pwhash_alg(
                    32, secret, salt, operations, memory, sodium.crypto_pwhash_ALG_ARGON2ID13)
                place = associated_data("key-slot", self.vault_id, slot, number, operations, memory, salt)
                try:
                    return open_box(wrapped, key, place, "key_slots.wrapped_root_key")
                except Damaged:
                    continue
        raise failure

    def slots(self, kind):
        return self.rows("""SELECT slot, operations, memory, salt, wrapped_root_key FROM key_slots
                            WHERE kind = ? ORDER BY slot""", kind)

    def personal(self):
        return self.scope(self.vault_id)

    def projects(self):
        """Every project, in order of creation."""
        ids = self.rows("SELECT scope_id FROM scopes WHERE scope_id <> ? ORDER BY sequence", self.vault_id)
        return [self.scope(id) for id, in ids]

    def scope(self, id):
        sequence, revision, wrapped, sealed = self.row(
            "SELECT sequence, revision, wrapped_scope_key, sealed_details FROM scopes WHERE scope_id = ?", id)
        place = associated_data("scope-key", self.vault_id, id)
        key = open_box(wrapped, subkey(self.root_key, 1), place, "scopes.wrapped_scope_key")
        place, where = associated_data("scope-details", self.vault_id, id, sequence, revision), "scopes.sealed_details"
        fields = Fields(open_record(sealed, subkey(key, 4), place, where), where)
        created, updated = fields.number("q"), fields.number("q")
        name, settings = fields.text("H", 0, 128), fields.text("I", 0, 100_000)
        check(name == "" or id != self.vault_id, f"{where}: name of the personal scope")
        tags = [fields.text("B", 1, 32) for _ in range(fields.number("B"))]
        check(len(tags) <= 20, f"{where}: number of tags")
        fields.end()
        return Scope(UUID(bytes=id), sequence, revision, created, updated, name, settings, tags, key)

    def secrets(self, scope, where="1 ORDER BY sequence", *bound):
        """Every secret of the scope, in order of creation. No value is opened."""
        rows = self.rows(
            f"SELECT {self.SECRET} FROM secrets WHERE scope_id = ? AND {where}", scope.id.bytes, *bound)
        return [self.secret(scope, *row) for row in rows]

    def find(self, scope, name):
        """The secret of this name, or None. It is found by its tag: no other is opened."""
        return next(iter(self.secrets(scope, "name_tag = ?", name_tag(name, scope.key))), None)

    def secret(self, scope, id, sequence, tag, metadata_revision, value_revision, sealed, sealed_value):
        where = "secrets.sealed_metadata"
        place = associated_data("secret-metadata", self.vault_id, scope.id.bytes, id, sequence, tag,
                                metadata_revision, value_revision)
        fields = Fields(open_record(sealed, subkey(scope.key, 2), place, where), where)
        flags, created, updated = fields.number("B"), fields.number("q"), fields.number("q")
        check(flags <= 0b11, f"{where}: flags")
        name, mask = fields.text("B", 1, 128), fields.text("B", 0, 64)
        check(re.fullmatch("[A-Z][A-Z0-9_]*", name), f"{where}: name")
        check(len(mask.encode()) <= 64, f"{where}: mask")
        fields.end()
        check(name_tag(name, scope.key) == tag, f"{where}: a name with another tag")
        return Secret(UUID(bytes=id), sequence, metadata_revision, value_revision, bool(flags & 1), bool(flags & 2),
                      created, updated, name, mask, sealed_value)

    def versions(self, scope, secret):
        """What is known of the former values of a secret, in their order. No value is opened."""
        rows = self.rows(f"SELECT {self.VERSION} FROM secret_versions WHERE secret_id = ? ORDER BY value_revision",
                         secret.id.bytes)
        return [self.version(scope, secret, *row) for row in rows]

    def version(self, scope, secret, value_revision, sealed, sealed_value):
        where = "secret_versions.sealed_version"
        place = associated_data("secret-version", self.vault_id, scope.id.bytes, secret.id.bytes, value_revision)
        fields = Fields(open_record(sealed, subkey(scope.key, 2), place, where), where)
        replaced, mask = fields.number("q"), fields.text("B", 0, 64)
        check(len(mask.encode()) <= 64, f"{where}: mask")
        fields.end()
        return Version(value_revision, replaced, mask, sealed_value)

    def reveal(self, scope, secret, version=None):
        """The value, or a former one. That there is a `Secret` or `Version` shows that its revision was vouched for."""
        where = "secrets.sealed_value" if version is None else "secret_versions.sealed_value"
        revision, box = (version or secret).value_revision, (version or secret).sealed_value
        place = associated_data("secret-value", self.vault_id, scope.id.bytes, secret.id.bytes, revision)
        value = utf8(open_record(box, subkey(scope.key, 3), place, where), where)
        check(1 <= len(value) <= 10_000 and "\0" not in value, f"{where}: not a value")
        return value

    def tokens(self):
        """Every token, in order of creation, also those that are not good any more."""
        return [self.token(*row) for row in self.rows(f"SELECT {self.TOKEN} FROM tokens ORDER BY sequence")]

    def token(self, id, sequence, sealed):
        where = "tokens.sealed_details"
        place = associated_data("token-details", self.vault_id, id, sequence)
        fields = Fields(open_record(sealed, subkey(self.root_key, 6), place, where), where)
        kind, access, created, expires, last_used, revoked = map(fields.number, "BBqqqq")
        check(kind in (1, 2) and access in (1, 2), f"{where}: kind or access")
        name = fields.text("H", 1, 64)
        projects = [fields.id() for _ in range(fields.number("H"))]
        fields.end()
        return Token(UUID(bytes=id), sequence, kind, access, created, expires, last_used, revoked, name, projects)

    def events(self):
        """The audit log, as far as it is kept."""
        return [open_event(self, *row) for row in event_rows(self)]

    def verify(self):
        """All that does not hold of the vault as a whole."""
        return verify(self)


def passphrase_in(path):
    """The passphrase in a file: one line break at its end is not part of it."""
    return re.sub(rb"\r?\n\Z", b"", Path(path).read_bytes())


def public(record):
    """A record, or what stands in its place in a list, without keys and boxes."""
    if isinstance(record, list):
        return [public(each) for each in record]
    return {k: public(v) if isinstance(v, list) and v and hasattr(v[0], "_asdict") else v
            for k, v in record._asdict().items() if not isinstance(v, bytes)}


def described(reader, reveal):
    """All that the vault holds, without keys and boxes, and with values only where they were asked for."""
    def with_value(record, *place):
        return public(record) | ({"value": reader.reveal(*place)} if reveal else {})

    def secret_of(scope, secret):
        return with_value(secret, scope, secret) | {
            "versions": [with_value(v, scope, secret, v) for v in reader.versions(scope, secret)]}

    scopes = [reader.personal(), *reader.projects()]
    return {"vault_id": UUID(bytes=reader.vault_id), "state": public(reader.state), "tokens": public(reader.tokens()),
            "scopes": [public(s) | {"secrets": [secret_of(s, x) for x in reader.secrets(s)]} for s in scopes]}


def answer(reader, options):
    """What the options ask for, and the exit status."""
    if options.mark:
        check_mark(reader, Path(options.mark).read_bytes())
    if options.verify:
        found = reader.verify()
        return public(found), Damaged.status if found else 0
    return public(reader.events()) if options.log else described(reader, options.reveal), 0


def main():
    parser = argparse.ArgumentParser(description="Reads a Coffer vault, by docs/format.md alone.")
    parser.add_argument("--reveal", action="store_true", help="print the values as well")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--verify", action="store_true", help="print what does not hold of the vault as a whole")
    asked.add_argument("--log", action="store_true", help="print the audit log")
    parser.add_argument("--mark", metavar="FILE", help="refuse a vault that is older than this machine's mark says")
    parser.add_argument("vault")
    parser.add_argument("passphrase_file")
    options = parser.parse_args()
    try:
        with Reader(options.vault, passphrase_in(options.passphrase_file)) as reader:
            found, status = answer(reader, options)
    except VaultError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.status
    print(json.dumps(found, default=str, ensure_ascii=False, indent=2))
    return status


if __name__ == "__main__":
    sys.exit(main())
