public import Sodium

/// What a damaged vault still has.
extension Vault {
    /// Makes a new vault at `path` of every secret in the file `damaged` whose seals still hold, with their ids, names, flags,
    /// times and projects, and with their former values where those hold.
    ///
    /// A key slot that `passphrase` opens and the keys of the scopes must be there; the state, the log, the schema and
    /// SQLite's structure need not. The new vault has the same passphrase at the same cost, or the recovery code that was
    /// given in its place, and new keys; it has neither the tokens nor the log of the old one. `damaged` is read, and neither
    /// locked nor changed: no other process may write to it. `progress` is told how many secrets were saved, and of how
    /// many, where that can be told.
    ///
    /// Throws ``VaultError/noVault`` and ``VaultError/notAVault(_:)`` for `damaged`, ``VaultError/vaultExists`` for `path`,
    /// ``VaultError/wrongPassphrase``, ``VaultError/damaged(_:)`` where there is no slot or scope to open,
    /// ``VaultError/storage(_:)``; there is no new vault then.
    public static func salvage(
        from damaged: String, to path: String, passphrase: borrowing SecureBytes, by actor: Actor, now: Int64,
        random: RandomSource = .system, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(VaultError) -> SalvageReport {
        let source = VaultFile(path: damaged)
        let foreign = try source.checkSalvageable()
        let draft = try await VaultDraft.begin(at: path, random: random)
        do throws(VaultError) {
            let report: SalvageReport
            do throws(VaultError) {
                report = try await draft.vault.fill(
                    salvaging: source, beside: VaultFile(path: path), passphrase: passphrase, by: actor, now: now,
                    progress: progress)
            } catch .damaged(.file) where foreign != nil {
                // Nothing of ours is in it, so it is what its header says.
                throw foreign!
            }
            try await draft.publish()
            return report
        } catch {
            draft.discard()
            throw error
        }
    }

    /// Reads a private copy of `source`: SQLite would write beside the file itself.
    private func fill(
        salvaging source: VaultFile, beside file: VaultFile, passphrase: borrowing SecureBytes, by actor: Actor,
        now: Int64, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(VaultError) -> SalvageReport {
        let copy = try file.makeDraft(suffix: Identifier(random: random).description)
        defer { copy.remove() }
        try copy.copyContent(of: source)
        let file = try DamagedFile(copy)
        defer { file.close() }
        let (slots, ids) = try file.read { tables in (tables.keySlots(), tables.vaultIDs()) }
        let (old, slot) = try Self.open(slots, ids, passphrase)
        let rootKey = SecretKey(random: random)
        let newSlot = try slot.wrapping(another: rootKey, under: passphrase, number: 1, vault: id, random: random)
        let new = Unlocked(vault: id, rootKeys: RootKeys(rootKey))
        old.wake()
        new.wake()
        let target = Salvage.Target(
            connection: connection, keys: new, random: random,
            event: { Event(.vaultSalvaged, by: actor, at: now, $0) })
        return try file.read { tables in
            try Salvage(tables, old, to: target, progress: progress).run { transaction in
                try VaultRow.insert(id, into: transaction.database)
                try newSlot.insert(into: transaction)
            }
        }
    }

    /// The keys that `passphrase` gives in one of `slots` of a vault with one of `ids`.
    private static func open(
        _ slots: [KeySlot?], _ ids: [Identifier], _ passphrase: borrowing SecureBytes
    ) throws(VaultError) -> (Unlocked, KeySlot) {
        var failure = VaultError.damaged(.file)
        for id in ids {
            do throws(VaultError) {
                let opened = try KeySlot.open(slots, with: passphrase, vault: id)
                let slot = opened.slot
                return (Unlocked(vault: id, rootKeys: RootKeys(opened.rootKey)), slot)
            } catch {
                failure = error
            }
        }
        throw failure
    }
}

extension VaultFile {
    /// Refuses what was never a vault. What another program's or a newer header may be a damaged one: the error for it is
    /// returned, in case that nothing of ours is found in the file.
    fileprivate func checkSalvageable() throws(VaultError) -> VaultError? {
        do throws(VaultError) {
            try check()
            return nil
        } catch {
            switch error {
            case .notAVault(.foreign), .newerSchema, .damaged: return error
            default: throw error
            }
        }
    }
}

extension DamagedTables {
    /// The key slots, no more than there may be; nil for one that must be refused.
    fileprivate func keySlots() -> [KeySlot?] {
        guard has("key_slots") else { return [] }
        return Array(((try? KeySlot.fetchAll(database)) ?? []).prefix(KeySlot.maximumCount))
    }

    /// What the vault's id may be: what its row says, or else the id of its first scope, which is the personal one.
    fileprivate func vaultIDs() -> [Identifier] {
        if has("vault"), let id = try? VaultRow.fetch(database) { return [id] }
        var first: ScopeRow?
        _ = forEachRow(of: .scopes) { row in
            guard let row = try? ScopeRow(row), row.sequence < first?.sequence ?? .max else { return }
            first = row
        }
        return first.map { [$0.scope] } ?? []
    }
}
