public import Sodium

/// Sessions: the root key in the kernel's keyring, from one passphrase to the end of a working day.
extension Vault {
    /// The session of this vault; nil where there is none. It is not prolonged by being looked at.
    ///
    /// Throws ``KeyringError``.
    public nonisolated func session() throws(KeyringError) -> Session? {
        try Keyring.key(of: id, renewing: false, now: BootTime.now())?.session
    }

    /// How long the session lasts if nobody uses it from now on, in seconds, rounded down as the kernel does it, to a
    /// whole minute, hour, day or week; nil where it does not tell.
    public nonisolated func unusedSessionRemaining() -> Int64? {
        Keyring.remaining(of: id)
    }

    /// Unlocks with `passphrase` and keeps the root key in the keyring within `limits`, in place of a session that there
    /// is. Returns the slot that it opened. Throws ``SessionError``; there is then no new session.
    public func openSession(
        passphrase: borrowing SecureBytes, limits: SessionLimits
    ) throws(SessionError) -> KeySlot {
        let opened: OpenedSlot
        do throws(VaultError) { opened = try openSlot(with: passphrase) } catch { throw .vault(error) }
        let now = BootTime.now()
        let session = Session(limits, now: now)
        let key = SessionKey.encode(opened.rootKey, session)
        do throws(KeyringError) { try Keyring.put(key, for: id, session, now: now) } catch { throw .keyring(error) }
        return opened.slot
    }

    /// Unlocks with the session that there is, and prolongs it. Returns nil where there is none that opens this vault, else
    /// what ``unlock(passphrase:acceptingRollback:)`` returns.
    ///
    /// A keyring that is refused is none. Throws ``VaultError/rolledBack(_:)``, ``VaultError/damaged(_:)`` for this
    /// machine's mark, and ``VaultError/storage(_:)``.
    public func resume(acceptingRollback: Bool = false) throws(VaultError) -> Resumption? {
        guard let key = try? Keyring.key(of: id, renewing: true, now: BootTime.now()) else { return nil }
        do throws(VaultError) {
            let slots = try connection.read(KeySlot.fetchAll)
            return Resumption(
                passedOver: try adopt(key.rootKey, slots, acceptingRollback: acceptingRollback))
        } catch .damaged(.scope), .damaged(.state), .keysChanged {
            // The key of this vault as it was before it got new ones, or of a copy that did, or a damaged vault. The
            // passphrase will tell.
            return nil
        }
    }

    /// The root key, by the session that there is, which is prolonged; nil where there is none. For another program of this
    /// user that has the vault open.
    public nonisolated func sessionKey() -> SecretKey? {
        guard let key = try? Keyring.key(of: id, renewing: true, now: BootTime.now()) else { return nil }
        return key.rootKey
    }

    /// Ends the session of this vault, for all programs at once. Returns whether there was one. Throws ``KeyringError``.
    @discardableResult
    public nonisolated func endSession() throws(KeyringError) -> Bool {
        try Keyring.revoke(id)
    }

    /// Ends the sessions of all vaults of this user. Returns how many there were. Throws ``KeyringError``.
    public static func endAllSessions() throws(KeyringError) -> Int {
        try Keyring.revokeAll()
    }
}

/// What became of a vault that a session unlocked.
public struct Resumption: Sendable {
    /// What this machine's mark has against the vault, where that was passed over.
    public let passedOver: VaultError?
}

/// Why no session was opened.
public enum SessionError: Error, Equatable {
    /// The vault was not unlocked.
    case vault(VaultError)
    /// The kernel does not keep the key.
    case keyring(KeyringError)
}
