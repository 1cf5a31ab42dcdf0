internal import CSodium

/// A symmetric key of 32 bytes, wiped when released.
///
/// The size is one for all uses: sealing (`crypto_aead_xchacha20poly1305_ietf_KEYBYTES`), deriving subkeys
/// (`crypto_kdf_KEYBYTES`) and keyed hashing (`crypto_generichash_KEYBYTES`).
public struct SecretKey: ~Copyable, Sendable {
    /// The size of every key in bytes.
    public static let byteCount = 32

    private let bytes: SecureBytes

    /// A fresh random key.
    public init(random: RandomSource) {
        bytes = SecureBytes(count: Self.byteCount) { random.overwrite($0) }
    }

    /// A key made of `bytes`; nil unless there are 32.
    public init?(_ bytes: consuming SecureBytes) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// A key whose 32 bytes `body` writes. Rethrows what `body` throws.
    init<E>(writingWith body: (UnsafeMutableRawBufferPointer) throws(E) -> Void) throws(E) {
        bytes = try SecureBytes(count: Self.byteCount, writingWith: body)
    }

    /// Lends the key's 32 bytes until `body` returns.
    public borrowing func withUnsafeBytes<R: ~Copyable, E>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try bytes.withUnsafeBytes(body)
    }

    /// Makes the key readable until ``endReading()``, for work that uses it many times over.
    public borrowing func beginReading() {
        bytes.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    public borrowing func endReading() {
        bytes.endReading()
    }

    /// The key as bytes to be sealed: how one key is wrapped under another.
    public borrowing func copyBytes() -> SecureBytes {
        bytes.copy()
    }

    /// The subkey numbered `id`, by `crypto_kdf` with the context `coffer__` (docs/format.md, "Subkeys").
    ///
    /// Knowing a subkey tells nothing of this key or of its other subkeys.
    public borrowing func subkey(_ id: UInt64) -> SecretKey {
        Library.start()
        return withUnsafeBytes { master in
            SecretKey { buffer in
                let status = crypto_kdf_derive_from_key(
                    buffer.baseAddress!.assumingMemoryBound(to: UInt8.self), buffer.count, id, "coffer__",
                    master.baseAddress!.assumingMemoryBound(to: UInt8.self))
                precondition(status == 0, "crypto_kdf refuses only sizes, and the size is fixed")
            }
        }
    }
}
