internal import CSodium

/// The subkeys of one key, side by side in one protected allocation, so that they become readable together.
///
/// Subkey *n* is derived by `crypto_kdf` with the context `coffer__` (docs/format.md, "Subkeys"). Knowing one tells nothing
/// of the key that it comes from, or of the others.
public struct Subkeys: ~Copyable, Sendable {
    private let pages: SharedSecureBytes
    private let count: Int

    /// Subkeys 1 to `count` of `key`.
    public init(_ count: Int, of key: borrowing SecretKey) {
        Library.start()
        let size = SecretKey.byteCount
        let bytes = key.withUnsafeBytes { master in
            SecureBytes(count: count * size) { buffer in
                for index in 0..<count {
                    let status = crypto_kdf_derive_from_key(
                        buffer.baseAddress!.advanced(by: index * size).assumingMemoryBound(to: UInt8.self), size,
                        UInt64(index + 1), "coffer__", master.baseAddress!.assumingMemoryBound(to: UInt8.self))
                    precondition(status == 0, "crypto_kdf refuses only sizes, and the size is fixed")
                }
            }
        }
        pages = SharedSecureBytes(bytes)
        self.count = count
    }

    /// Subkey `number`, from 1 on.
    public subscript(number: Int) -> SecretKey {
        precondition((1...count).contains(number))
        return SecretKey(pages, at: (number - 1) * SecretKey.byteCount)
    }

    /// Makes the subkeys readable until ``endReading()``, for work that uses them many times over.
    public borrowing func beginReading() {
        pages.bytes.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    public borrowing func endReading() {
        pages.bytes.endReading()
    }
}
