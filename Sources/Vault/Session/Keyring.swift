internal import CPlatform
internal import Glibc
internal import Sodium

/// The place where the kernel keeps root keys for this user: its keyring, user-keyring(7).
///
/// Nothing is ever written to a file in its stead. On macOS the place would be the Keychain; Coffer does not run there
/// yet.
enum Keyring {
    /// How the descriptions of our keys begin; the vault's id follows, so that several vaults have a session each.
    private static let prefix = "coffer:"

    /// Puts `key`, an encoded ``SessionKey``, there as that of `vault`, for as long as its session lasts unused. Throws
    /// ``KeyringError``.
    static func put(
        _ key: borrowing SecureBytes, for vault: Identifier, _ session: Session, now: Int64
    ) throws(KeyringError) {
        let timeout = session.timeout(at: now)
        let error = key.withUnsafeBytes { bytes in
            coffer_keyring_put(prefix + vault.description, bytes.baseAddress, bytes.count, timeout)
        }
        guard error == 0 else { throw KeyringError(error) }
    }

    /// The key of `vault`; nil where there is none, or none any more. Throws ``KeyringError``.
    ///
    /// Where `renewing`, it lasts as long from `now` on as its session grants.
    static func key(of vault: Identifier, renewing: Bool, now: Int64) throws(KeyringError) -> SessionKey? {
        guard let serial = try serial(of: vault) else { return nil }
        var bytes = SecureBuffer(capacity: SessionKey.byteCount + 1)
        let count = bytes.append(atMost: SessionKey.byteCount + 1) { room in
            // One more than there should be, so that a longer key is told from ours.
            let count = coffer_keyring_read(serial, room.baseAddress, room.count)
            return min(max(count, 0), room.count)
        }
        // What cannot be read has just ended, or is no key of ours.
        guard count > 0, let key = bytes.withUnsafeBytes({ SessionKey.decode($0) }) else { return nil }
        // The kernel's own clock can be set back; this one cannot.
        guard key.session.timeout(at: now) > 0 else { return nil }
        if renewing { _ = coffer_keyring_renew(serial, key.session.timeout(at: now)) }
        return key
    }

    /// How long the kernel keeps the key of `vault` if nobody uses it, in seconds, rounded down (``KeyTimeout``); nil where it
    /// does not tell.
    static func remaining(of vault: Identifier) -> Int64? {
        guard let serial = try? serial(of: vault) else { return nil }
        return KeyTimeout.remaining(of: serial)
    }

    /// Ends the session of `vault`, for all programs at once. Returns whether there was one. Throws ``KeyringError``.
    static func revoke(_ vault: Identifier) throws(KeyringError) -> Bool {
        guard let serial = try serial(of: vault) else { return false }
        return try revoke(serial: serial)
    }

    /// Ends all sessions of this user. Returns how many there were. Throws ``KeyringError``: where one of them cannot be
    /// ended, all others are.
    static func revokeAll() throws(KeyringError) -> Int {
        var serials = [Int32](repeating: 0, count: 64)
        while true {
            let count = coffer_keyring_list(&serials, serials.count)
            guard count >= 0 else { throw KeyringError(errno) }
            if count <= serials.count {
                serials.removeLast(serials.count - count)
                break
            }
            serials = [Int32](repeating: 0, count: count)
        }
        var revoked = 0
        var failure: KeyringError?
        for serial in serials where isOurs(serial) {
            do throws(KeyringError) { revoked += try revoke(serial: serial) ? 1 : 0 } catch { failure = error }
        }
        if let failure { throw failure }
        return revoked
    }

    private static func revoke(serial: Int32) throws(KeyringError) -> Bool {
        let error = coffer_keyring_revoke(serial)
        switch error {
        case 0: return true
        case ENOKEY, EKEYEXPIRED, EKEYREVOKED: return false
        // A key that this program did not put there as it is.
        default: throw .failed(error)
        }
    }

    private static func serial(of vault: Identifier) throws(KeyringError) -> Int32? {
        var serial: Int32 = 0
        let error = coffer_keyring_find(prefix + vault.description, &serial)
        switch error {
        case 0: return serial
        case ENOKEY, EKEYEXPIRED, EKEYREVOKED: return nil
        default: throw KeyringError(error)
        }
    }

    /// Whether the key is of type `user` and described as one of a vault.
    private static func isOurs(_ serial: Int32) -> Bool {
        var text = [CChar](repeating: 0, count: 256)
        guard coffer_keyring_describe(serial, &text, text.count - 1) > 0 else { return false }
        let described = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fields = described.split(separator: ";", maxSplits: 4)
        return fields.count == 5 && fields[0] == "user" && fields[4].hasPrefix(prefix)
            && Identifier(fields[4].dropFirst(prefix.count)) != nil
    }
}

/// Why the kernel keeps no key.
public enum KeyringError: Error, Equatable {
    /// It grants no keyrings here, as in some containers.
    case refused
    /// This user has as many keys as it may have.
    case full
    /// Anything else, by `errno`.
    case failed(Int32)

    init(_ number: Int32) {
        self =
            switch number {
            case EPERM, EACCES, ENOSYS: .refused
            case EDQUOT: .full
            default: .failed(number)
            }
    }
}
