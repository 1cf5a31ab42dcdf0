internal import Sodium

/// What the keyring holds of an open session: the root key, and until when it may be used.
///
/// 45 bytes: a version (1), the root key (32), the deadline (8) and the idle time (4), big-endian. Only this machine
/// reads it, and only until it is next started, so it is no part of the vault's format.
struct SessionKey: ~Copyable {
    let rootKey: SecretKey
    let session: Session

    private static let version: UInt8 = 1
    /// The size in bytes.
    static let byteCount = 1 + SecretKey.byteCount + 8 + 4

    /// Reads what ``encode(_:_:)`` wrote; nil for anything else.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> SessionKey? {
        let end = 1 + SecretKey.byteCount
        guard bytes.count == byteCount, bytes[0] == version,
            let key = SecretKey(SecureBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[1..<end])))
        else { return nil }
        let deadline = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: end, as: Int64.self))
        let idle = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: end + 8, as: UInt32.self))
        // Not ours: it would be before the machine was started.
        guard deadline >= 0 else { return nil }
        return SessionKey(rootKey: key, session: Session(deadline: deadline, idle: idle))
    }

    /// The bytes that the keyring is given.
    static func encode(_ rootKey: borrowing SecretKey, _ session: Session) -> SecureBytes {
        rootKey.withUnsafeBytes { key in
            SecureBytes(count: byteCount) { bytes in
                let end = 1 + key.count
                bytes[0] = version
                UnsafeMutableRawBufferPointer(rebasing: bytes[1..<end]).copyMemory(from: key)
                bytes.storeBytes(of: session.deadline.bigEndian, toByteOffset: end, as: Int64.self)
                bytes.storeBytes(of: session.idle.bigEndian, toByteOffset: end + 8, as: UInt32.self)
            }
        }
    }
}
