public import Sodium

/// The ways in: passphrases and recovery codes (docs/format.md, "Key slots").
///
/// Each call takes the slot that was opened to get here. The root key stays, and with it all that is sealed.
extension Vault {
    /// Puts `passphrase` in the place of the one that opened the vault, at the same cost, or at `cost`. Where a recovery code
    /// opened it, all former passphrases go; the code stays.
    ///
    /// Throws ``VaultError/keysChanged`` where the slots were changed meanwhile, ``VaultError/outOfMemory``,
    /// ``VaultError/storage(_:)``; the former passphrase then opens the vault as before.
    public func changePassphrase(
        to passphrase: borrowing SecureBytes, cost: PasswordHash.Cost? = nil, with opened: OpenedSlot, by actor: Actor,
        now: Int64
    ) throws(VaultError) {
        let slots = try slots()
        let former = opened.slot.kind == .passphrase ? [opened.slot] : slots.filter { $0.kind == .passphrase }
        let number = former.first?.number ?? Self.freeNumber(slots)
        guard number <= KeySlot.maximumCount else { throw .noFreeSlot }
        let slot = try KeySlot.wrapping(
            opened.rootKey, under: passphrase, number: number,
            cost: cost ?? former.first?.cost ?? .moderate, vault: id, random: random)
        try replaceSlots(former, of: slots, by: slot, with: opened, [Event(.passphraseChanged, by: actor, at: now)])
    }

    /// Whether there is a recovery code. Throws ``VaultError/storage(_:)``.
    public func hasRecoveryCode() throws(VaultError) -> Bool {
        try slots().contains { $0.kind == .recovery }
    }

    /// Lets `code` open the vault, at the lowest cost of deriving: there is nothing to guess in 256 random bits. Where there
    /// is a code already, it is revoked if `replacing`.
    ///
    /// Throws ``VaultError/recoveryCodeExists``, ``VaultError/noFreeSlot``, ``VaultError/keysChanged`` where the slots were
    /// changed meanwhile, ``VaultError/storage(_:)``.
    public func createRecoveryCode(
        _ code: RecoveryCode, replacing: Bool = false, with opened: OpenedSlot, by actor: Actor, now: Int64
    ) throws(VaultError) {
        let slots = try slots()
        let former = slots.filter { $0.kind == .recovery }
        guard former.isEmpty || replacing else { throw .recoveryCodeExists }
        let number = former.first?.number ?? Self.freeNumber(slots)
        guard number <= KeySlot.maximumCount else { throw .noFreeSlot }
        let slot = try KeySlot.wrapping(
            opened.rootKey, under: code.secret, kind: .recovery, number: number, cost: .lowest, vault: id,
            random: random)
        var events = [Event(.recoveryCodeCreated, by: actor, at: now)]
        if !former.isEmpty { events.insert(Event(.recoveryCodeRevoked, by: actor, at: now), at: 0) }
        try replaceSlots(former, of: slots, by: slot, with: opened, events)
    }

    /// Lets no recovery code open the vault any more.
    ///
    /// Throws ``VaultError/noRecoveryCode``; ``VaultError/passphraseNeeded`` where a code opened the vault, since it may be
    /// all that its owner has; ``VaultError/keysChanged``, ``VaultError/storage(_:)``.
    public func revokeRecoveryCode(
        with opened: OpenedSlot, by actor: Actor, now: Int64
    ) throws(VaultError) {
        guard opened.slot.kind == .passphrase else { throw .passphraseNeeded }
        let slots = try slots()
        let former = slots.filter { $0.kind == .recovery }
        guard !former.isEmpty else { throw .noRecoveryCode }
        try replaceSlots(former, of: slots, by: nil, with: opened, [Event(.recoveryCodeRevoked, by: actor, at: now)])
    }

    /// All key slots. Throws ``VaultError/damaged(_:)`` where one was refused: its number would be taken for a free one.
    public func slots() throws(VaultError) -> [KeySlot] {
        let slots = try connection.read(KeySlot.fetchAll)
        guard !slots.contains(nil) else { throw .damaged(.keySlot) }
        return slots.compactMap { $0 }
    }

    /// The lowest number that no slot has; one more than there may be slots, where all are taken.
    private static func freeNumber(_ slots: [KeySlot]) -> Int64 {
        let taken = Set(slots.map(\.number))
        return (1...Int64(KeySlot.maximumCount)).first { !taken.contains($0) } ?? Int64(KeySlot.maximumCount) + 1
    }

    /// Deletes the slots `former` and inserts `slot`, unless the vault has other slots than `known` by now, or not the one
    /// that was `opened`: deriving takes too long to keep others from writing meanwhile.
    private func replaceSlots(
        _ former: [KeySlot], of known: [KeySlot], by slot: KeySlot?, with opened: OpenedSlot, _ events: [Event]
    ) throws(VaultError) {
        let keys = try keys()
        keys.slots = try connection.write(with: keys, random) { transaction in
            guard known.contains(opened.slot), try KeySlot.fetchAll(transaction.database) == known else {
                throw VaultError.keysChanged
            }
            for slot in former { try slot.delete(from: transaction) }
            try slot?.insert(into: transaction)
            for event in events { try transaction.log(event) }
            return try KeySlot.fetchAll(transaction.database)
        }
        // The rows that are gone would lie there for as long as somebody has the vault open.
        _ = connection.emptyLog()
    }
}
