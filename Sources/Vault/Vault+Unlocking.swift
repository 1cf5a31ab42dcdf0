public import Sodium

/// How a vault comes by its keys, and forgets them.
extension Vault {
    /// Derives keys from `passphrase` and holds them until ``lock()``.
    ///
    /// A recovery code will do as well. Throws ``VaultError/wrongPassphrase``, ``VaultError/wrongRecoveryCode``,
    /// ``VaultError/mistypedRecoveryCode``; ``VaultError/damaged(_:)`` where a slot's cost lies out of bounds, or the
    /// personal scope, the state or this machine's mark does not open; and ``VaultError/rolledBack(_:)``, unless that is
    /// accepted, for a vault that is older than it was when it was last seen. Returns what this machine's mark has against
    /// the vault, where that was passed over: ``acceptRollback(by:now:)`` follows then, and until it has, the mark stays.
    @discardableResult
    public func unlock(
        passphrase: borrowing SecureBytes, acceptingRollback: Bool = false
    ) throws(VaultError) -> VaultError? {
        try open(with: passphrase, acceptingRollback: acceptingRollback).passedOver
    }

    /// Unlocks the vault as ``unlock(passphrase:acceptingRollback:)`` does, accepting no rollback, and returns what it takes
    /// to change its keys.
    public func openSlot(with passphrase: borrowing SecureBytes) throws(VaultError) -> OpenedSlot {
        try open(with: passphrase, acceptingRollback: false).slot
    }

    private func open(
        with passphrase: borrowing SecureBytes, acceptingRollback: Bool
    ) throws(VaultError) -> (slot: OpenedSlot, passedOver: VaultError?) {
        do throws(VaultError) {
            let slots = try connection.read(KeySlot.fetchAll)
            let opened = try KeySlot.open(slots, with: passphrase, vault: id)
            return (opened, try adopt(opened.rootKey, slots, acceptingRollback: acceptingRollback))
        } catch {
            if error == .wrongPassphrase || error == .wrongRecoveryCode { failures?.add() }
            throw error
        }
    }

    /// Holds the keys that come of `rootKey` until ``lock()``, once all rows were compared with the state: nobody gets
    /// anything of the vault before that.
    ///
    /// Throws what ``unlock(passphrase:acceptingRollback:)`` does, ``VaultError/damaged(_:)`` for another vault's root key
    /// among it, and what ``checkSums()`` does; the vault is locked then.
    public func unlockChecked(with rootKey: borrowing SecretKey) throws(VaultError) {
        do throws(VaultError) {
            _ = try adopt(rootKey, connection.read(KeySlot.fetchAll), acceptingRollback: false)
            try checkSums()
        } catch {
            lock()
            throw error
        }
    }

    /// Whether there are no keys in memory that open the vault. Those that it has been given others for since are
    /// forgotten.
    public func isLocked() -> Bool {
        guard let keys = unlocked else { return true }
        do throws(VaultError) {
            _ = try connection.read { try StateRow.open(with: keys, in: $0) }
        } catch .keysChanged {
            lock()
        } catch {
            // Not the keys' fault, and told to whoever wants something of the vault.
        }
        return unlocked == nil
    }

    /// Forgets all keys. Returns whether there were any.
    @discardableResult
    public func lock() -> Bool {
        defer { unlocked = nil }
        unlocked?.writeMark()
        markHasFailed = hasMarkFailed
        return unlocked != nil
    }

    /// Whether this machine's mark could not be written when it last should have been: an older copy of the vault would
    /// then not be noticed here.
    public var hasMarkFailed: Bool { unlocked?.marking?.hasFailed ?? markHasFailed }

    /// Holds the keys under `rootKey`, which came from one of `slots`, once it opens the personal scope and the state.
    /// Returns and throws what ``unlock(passphrase:acceptingRollback:)`` does.
    func adopt(
        _ rootKey: borrowing SecretKey, _ slots: [KeySlot?], acceptingRollback: Bool
    ) throws(VaultError) -> VaultError? {
        do throws(VaultError) {
            return try adopt(newKeys(rootKey, slots), acceptingRollback: acceptingRollback)
        } catch .damaged(let part) {
            // Another process may have exchanged them since the slots were read.
            throw try connection.read(KeySlot.fetchAll) == slots ? .damaged(part) : .keysChanged
        }
    }

    private func newKeys(_ rootKey: borrowing SecretKey, _ slots: [KeySlot?]) -> Unlocked {
        let marking = notesFolder.map { Marking(EpochMark(folder: $0, vault: id)) }
        return Unlocked(vault: id, rootKeys: RootKeys(rootKey), slots: slots, marking: marking)
    }

    private func adopt(_ keys: Unlocked, acceptingRollback: Bool) throws(VaultError) -> VaultError? {
        guard let personal = try connection.read({ try ScopeRow.fetch(id, from: $0) }) else {
            throw .damaged(.scope(id))
        }
        _ = try keys.details(personal)
        let connection = connection
        let state = { () throws(VaultError) in try keys.state(connection.read(StateRow.fetch)) }
        var passedOver: VaultError?
        do throws(VaultError) {
            try keys.checkMark(state)
        } catch {
            guard acceptingRollback else { throw error }
            switch error {
            case .rolledBack, .damaged(.mark): passedOver = error
            default: throw error
            }
            _ = try state()
        }
        unlocked = keys
        return passedOver
    }

    /// How often this vault was not unlocked on this machine, if that is counted.
    nonisolated var failures: FailedUnlocks? { notesFolder.map { FailedUnlocks(folder: $0, vault: id) } }
}
