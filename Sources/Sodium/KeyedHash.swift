internal import CSodium

/// BLAKE2b under a key: a tag of 32 bytes that only a holder of the key can compute or check.
public enum KeyedHash {
    /// The size of a tag in bytes.
    public static let byteCount = 32

    /// The tag of `message` under `key`.
    public static func tag(of message: UnsafeRawBufferPointer, using key: borrowing SecretKey) -> [UInt8] {
        Library.start()
        return key.withUnsafeBytes { key in
            [UInt8](unsafeUninitializedCapacity: byteCount) { tag, initialized in
                let status = crypto_generichash(
                    tag.baseAddress!, byteCount,
                    message.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(message.count),
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self), key.count)
                precondition(status == 0, "crypto_generichash refuses only sizes, and the sizes are fixed")
                initialized = byteCount
            }
        }
    }

    /// The tag of `message` under `key`.
    @inlinable
    public static func tag(of message: some Collection<UInt8>, using key: borrowing SecretKey) -> [UInt8] {
        // What lies in one piece is not copied into an array first.
        message.withContiguousStorageIfAvailable { tag(of: UnsafeRawBufferPointer($0), using: key) }
            ?? Array(message).withUnsafeBytes { tag(of: $0, using: key) }
    }
}
