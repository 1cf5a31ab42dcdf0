internal import CSodium

/// BLAKE2b without a key: a short name for bytes that cannot be guessed.
public enum Digest {
    /// The size of a digest in bytes.
    public static let byteCount = 32

    /// The digest of `message`.
    public static func of(_ message: some Collection<UInt8>) -> [UInt8] {
        Array(message).withUnsafeBytes { of($0) }
    }

    /// The digest of `message`, which is read where it stands.
    public static func of(_ message: UnsafeRawBufferPointer) -> [UInt8] {
        Library.start()
        return [UInt8](unsafeUninitializedCapacity: byteCount) { digest, initialized in
            let status = crypto_generichash(
                digest.baseAddress!, byteCount, message.baseAddress?.assumingMemoryBound(to: UInt8.self),
                UInt64(message.count), nil, 0)
            precondition(status == 0, "crypto_generichash refuses only sizes, and the size is fixed")
            initialized = byteCount
        }
    }
}
