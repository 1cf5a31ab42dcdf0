"""The second reader's boxes: what docs/format.md says of keys, sealing, padding, and the fields of a record."""

import struct
from uuid import UUID

from nacl import bindings as sodium
from nacl.exceptions import CryptoError


class VaultError(Exception):
    """A vault that was not read. The text names a place in the format, never what stands there."""


class NotAVault(VaultError):
    """Another kind of file, or a schema newer than this reader."""

    status = 65


class Damaged(VaultError):
    """Something is not as a writer of this format leaves it."""

    status = 76


class RolledBack(Damaged):
    """Every box is genuine, and the vault as a whole is older than one that was seen before."""


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


SYMBOLS = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def recovery_code(text):
    """The 32 bytes of a recovery code with its checksum, or None for what is none."""
    symbols = text.upper().translate(bytes.maketrans(b"ILO", b"110"), delete=b"- \t\r\n")
    if len(symbols) != 56 or set(symbols) - set(SYMBOLS):
        return None
    number = 0
    for symbol in symbols:
        number = number << 5 | SYMBOLS.index(symbol)
    data = number.to_bytes(35, "big")
    code, checksum = data[:32], data[32:]
    return code if blake2b(b"coffer/1/recovery-code\0" + code, b"")[:3] == checksum else None


def u64(number):
    """An integer of SQLite's, which has a sign, as its two's complement."""
    return struct.pack(">q", number)


def associated_data(label, *fields):
    """`label ‖ 0x00 ‖ fields`, integers as `u64`."""
    return f"coffer/1/{label}\0".encode() + b"".join(u64(f) if isinstance(f, int) else f for f in fields)


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

    def id(self):
        return UUID(bytes=self.take(16))

    def text(self, length, least=0, most=65_535):
        text = utf8(self.take(self.number(length)), self.where)
        check(least <= len(text) <= most, f"{self.where}: length of a text")
        return text

    def end(self):
        check(not self.rest, f"{self.where}: bytes left over")
