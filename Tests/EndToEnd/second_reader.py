"""A second reader of vault format 1, written from docs/format.md alone and sharing no code with the program.

What both agree on is the format; where they differ, one of the two, or the page, is wrong. It never writes, and beyond
the personal scope it checks a row when it touches it, not before: so tests can tell what of a damaged vault is good.

    python second_reader.py [--reveal] VAULT PASSPHRASE_FILE
"""

import argparse
import json
import re
import sqlite3
import struct
import sys
from collections import namedtuple
from pathlib import Path
from uuid import UUID

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

# `key` and `sealed_value` are what it takes to go on reading; everything else is metadata.
Scope = namedtuple("Scope", "id sequence revision created updated name settings tags key")
Secret = namedtuple("Secret", "id sequence metadata_revision value_revision default_available created_by_agent "
                              "created updated name mask sealed_value")
Token = namedtuple("Token", "id sequence kind access created expires name projects")


class VaultError(Exception):
    """A vault that was not read. The text names a place in the format, never what stands there."""


class NotAVault(VaultError):
    """Another kind of file, or a schema newer than this reader."""

    status = 65


class Damaged(VaultError):
    """Something is not as a writer of this format leaves it."""

    status = 76


class WrongPassphrase(VaultError):
    """No slot opened: another passphrase, or a changed slot. The two cannot be told apart."""

    status = 77


def check(condition, where):
    if not condition:
        raise Damaged(where)


def utf8(data, where):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Damaged(f"{where}: not UTF-8") from None  # the cause would quote the bytes


def blake2b(message, key, salt=bytes(16), personal=bytes(16)):
    """`crypto_generichash(32, message, key)`, with the salt and personalisation that `crypto_kdf` puts to use."""
    return sodium.crypto_generichash_blake2b_salt_personal(message, 32, key, salt, personal)


def subkey(key, n):
    """`crypto_kdf_derive_from_key(32, n, "coffer__", key)`, spelled out because PyNaCl does not bind it."""
    return blake2b(b"", key, struct.pack("<QQ", n, 0), b"coffer__" + bytes(8))


def name_tag(name, scope_key):
    return blake2b(name.encode(), subkey(scope_key, 1))


def associated_data(label, *fields):
    """`label ‖ 0x00 ‖ fields`, integers as `u64`. A negative one has no such form, so no box is bound to it."""
    check(all(f >= 0 for f in fields if isinstance(f, int)), f"{label}: negative integer")
    joined = b"".join(struct.pack(">Q", f) if isinstance(f, int) else f for f in fields)
    return f"coffer/1/{label}\0".encode() + joined


def open_box(box, key, authenticating, where):
    """What was sealed: nonce (24 bytes), ciphertext, tag (16 bytes)."""
    check(len(box) >= 40, f"{where}: too short")
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(box[24:], authenticating, box[:24], key)
    except CryptoError:
        raise Damaged(f"{where}: does not open") from None


def open_record(box, key, authenticating, where):
    """The same without the padding, which must be the one that `sodium_pad` writes."""
    padded = open_box(box, key, authenticating, where)
    # sodium_unpad looks at no more than the last block, so the length is checked here.
    check(padded and len(padded) % 64 == 0, f"{where}: padding")
    try:
        return sodium.sodium_unpad(padded, 64)
    except CryptoError:
        raise Damaged(f"{where}: padding") from None


class Fields:
    """The fields of an opened record, taken in order; `end` refuses what is left over."""

    def __init__(self, record, where):
        self.rest, self.where = record, where
        check(self.number("B") == 1, f"{where}: record version")

    def take(self, count):
        check(count <= len(self.rest), f"{self.where}: too short")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def text(self, length, least, most):
        text = utf8(self.take(self.number(length)), self.where)
        check(least <= len(text) <= most, f"{self.where}: length of a text")
        return text

    def end(self):
        check(not self.rest, f"{self.where}: bytes left over")


class Reader:
    """An opened vault, as it was at one moment."""

    def __init__(self, path, passphrase):
        # SQLite takes a file of no bytes for a database of no tables; no writer leaves a vault so.
        check(Path(path).stat().st_size > 0, "file: empty")
        self.database = sqlite3.connect(Path(path).resolve().as_uri() + "?mode=ro", uri=True, isolation_level=None)
        try:
            # One transaction, so that a server writing meanwhile cannot show half of a change.
            self.rows("BEGIN")
            self.check_header()
            self.vault_id, = self.row("SELECT vault_id FROM vault")
            self.root_key = self.unwrap_root_key(passphrase)
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
        planted, = self.row("SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')")
        check(planted == 0, "sqlite_schema: a trigger or a view")

    def unwrap_root_key(self, passphrase):
        slots = self.rows("""SELECT slot, operations, memory, salt, wrapped_root_key FROM key_slots
                             WHERE kind = 'passphrase' ORDER BY slot""")
        failure = WrongPassphrase("key_slots") if slots else Damaged("key_slots: none for a passphrase")
        for slot, operations, memory, salt, wrapped in slots:
            # Before deriving: a forged slot may neither weaken the vault nor hang its reader.
            if not (2 <= operations <= 16 and 19 << 20 <= memory <= 2 << 30 and len(salt) == 16 and len(wrapped) == 72):
                failure = Damaged("key_slots: out of bounds")
                continue
            key = sodium.crypto_pwhash_alg(
                32, passphrase, salt, operations, memory, sodium.crypto_pwhash_ALG_ARGON2ID13)
            place = associated_data("key-slot", self.vault_id, slot, b"\x01", operations, memory, salt)
            try:
                return open_box(wrapped, key, place, "key_slots.wrapped_root_key")
            except Damaged:
                continue
        raise failure

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
            f"""SELECT secret_id, sequence, name_tag, metadata_revision, value_revision, sealed_metadata, sealed_value
                FROM secrets WHERE scope_id = ? AND {where}""", scope.id.bytes, *bound)
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

    def reveal(self, scope, secret):
        """The value. That there is a `Secret` shows that the metadata has vouched for the revision of its value."""
        where = "secrets.sealed_value"
        place = associated_data("secret-value", self.vault_id, scope.id.bytes, secret.id.bytes, secret.value_revision)
        value = utf8(open_record(secret.sealed_value, subkey(scope.key, 3), place, where), where)
        check(1 <= len(value) <= 10_000 and "\0" not in value, f"{where}: not a value")
        return value

    def tokens(self):
        """Every token that has not been revoked, in order of creation."""
        rows = self.rows("SELECT token_id, sequence, sealed_details FROM tokens ORDER BY sequence")
        return [self.token(*row) for row in rows]

    def token(self, id, sequence, sealed):
        where = "tokens.sealed_details"
        place = associated_data("token-details", self.vault_id, id, sequence)
        fields = Fields(open_record(sealed, subkey(self.root_key, 6), place, where), where)
        kind, access, created, expires = map(fields.number, "BBqq")
        check(kind in (1, 2) and access in (1, 2), f"{where}: kind or access")
        name = fields.text("H", 1, 64)
        projects = [UUID(bytes=fields.take(16)) for _ in range(fields.number("H"))]
        fields.end()
        return Token(UUID(bytes=id), sequence, kind, access, created, expires, name, projects)


def passphrase_in(path):
    """The passphrase in a file: one line break at its end is not part of it."""
    return re.sub(rb"\r?\n\Z", b"", Path(path).read_bytes())


def described(reader, reveal):
    """All that the vault holds, without keys and boxes, and with values only where they were asked for."""
    def public(record):
        return {k: v for k, v in record._asdict().items() if not isinstance(v, bytes)}

    def secret_of(scope, secret):
        return public(secret) | ({"value": reader.reveal(scope, secret)} if reveal else {})

    scopes = [reader.personal(), *reader.projects()]
    return {"vault_id": UUID(bytes=reader.vault_id), "tokens": [public(t) for t in reader.tokens()],
            "scopes": [public(s) | {"secrets": [secret_of(s, x) for x in reader.secrets(s)]} for s in scopes]}


def main():
    parser = argparse.ArgumentParser(description="Reads a Coffer vault, by docs/format.md alone.")
    parser.add_argument("--reveal", action="store_true", help="print the values as well")
    parser.add_argument("vault")
    parser.add_argument("passphrase_file")
    options = parser.parse_args()
    try:
        with Reader(options.vault, passphrase_in(options.passphrase_file)) as reader:
            print(json.dumps(described(reader, options.reveal), default=str, ensure_ascii=False, indent=2))
    except VaultError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
