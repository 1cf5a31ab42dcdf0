public import Sodium

/// New keys for everything (docs/format.md, "New keys").
extension Vault {
    /// Unlocks the vault with `passphrase`, and gives it a new root key and new scope keys: all that it holds is sealed anew,
    /// in one transaction. Tokens, recovery codes and other passphrases are revoked; `passphrase` opens the vault as before,
    /// at the same cost. The log stays, and has it.
    ///
    /// `progress` is told how many rows are done, and of how many. Returns whether nothing is left of the old rows in the
    /// file: something may be while another program reads the vault at that moment, or where there is no room, until the
    /// last one closes it.
    ///
    /// Throws what ``unlock(passphrase:acceptingRollback:)`` does; ``VaultError/passphraseNeeded`` for a recovery code;
    /// ``VaultError/inconsistent(_:)`` and ``VaultError/damaged(_:)`` for a vault that is not as its state says;
    /// ``VaultError/keysChanged``, ``VaultError/storage(_:)``. The vault is then as it was.
    public func rekey(
        passphrase: borrowing SecureBytes, by actor: Actor, now: Int64,
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) throws(VaultError) -> Bool {
        let opened = try openSlot(with: passphrase).slot
        guard opened.kind == .passphrase else { throw .passphraseNeeded }
        let old = try keys()
        let rootKey = SecretKey(random: random)
        let slot = try opened.wrapping(another: rootKey, under: passphrase, number: 1, vault: id, random: random)
        let new = Unlocked(vault: id, rootKeys: RootKeys(rootKey), slots: [slot], marking: old.marking)
        new.wake()
        let event = { Event(.rekeyed, by: actor, at: now, $0) }
        do {
            try connection.rekey(from: old, to: new, random, progress) { try $0.run(from: opened, to: slot, event) }
        } catch let error as VaultError {
            throw error
        } catch {
            throw .inconsistent(try verify().damage)
        }
        unlocked = new
        return connection.emptyLog()
    }
}
