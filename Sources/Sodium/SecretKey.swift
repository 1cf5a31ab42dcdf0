internal import CSodium

/// A symmetric key of 32 bytes, wiped when released.
///
/// The size is one for all uses: sealing (`crypto_aead_xchacha20poly1305_ietf_KEYBYTES`), deriving subkeys
/// (`crypto_kdf_KEYBYTES`) and keyed hashing (`crypto_generichash_KEYBYTES`).
public struct SecretKey: ~Copyable, Sendable {
    /// The size of every key in bytes.
    public static let byteCount = 32

    /// Where the key stands, alone or beside its siblings (``Subkeys``), and at which offset.
    private let pages: SharedSecureBytes
    private let offset: Int

    /// A fresh random key.
    public init(random: RandomSource) {
        self.init { random.overwrite($0) }
    }

    /// A key made of `bytes`; nil unless there are 32.
    public init?(_ bytes: consuming SecureBytes) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(SharedSecureBytes(bytes), at: 0)
    }

    /// A key whose 32 bytes `body` writes. Rethrows what `body` throws.
    init<E>(writingWith body: (UnsafeMutableRawBufferPointer) throws(E) -> Void) throws(E) {
        self.init(SharedSecureBytes(try SecureBytes(count: Self.byteCount, writingWith: body)), at: 0)
    }

    /// The key in `pages` at `offset`.
    init(_ pages: SharedSecureBytes, at offset: Int) {
        self.pages = pages
        self.offset = offset
    }

    /// Lends the key's 32 bytes until `body` returns.
    public borrowing func withUnsafeBytes<R: ~Copyable, E>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try pages.bytes.withUnsafeBytes { bytes throws(E) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + Self.byteCount)]))
        }
    }

    /// The key as bytes to be sealed: how one key is wrapped under another.
    public borrowing func copyBytes() -> SecureBytes {
        withUnsafeBytes { key in SecureBytes(count: key.count) { $0.copyMemory(from: key) } }
    }
}
