public import Sodium

extension Vault {
    /// Puts the backup in the file `backup` in the place of the vault at `path`, or there where nothing is.
    ///
    /// The backup is copied first, and the copy looked at as by ``verify(progress:)``, `progress` being told how many rows
    /// were, and of how many. A vault that is there must be the same one, and `passphrase` must open both; it is replaced in
    /// one transaction, so that processes that have it open go on with what was restored. The epoch goes on from the
    /// greatest that is known, and the log tells from which it was restored. Throws ``RestoreError``.
    public static func restore(
        from backup: String, to path: String, passphrase: borrowing SecureBytes, notes: String? = nil,
        replacingNewer: Bool = false, by actor: Actor, now: Int64, random: RandomSource = .system,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(RestoreError) -> Restoration {
        let restore = try await Restore.begin(from: backup, to: path, notes: notes, random: random)
        do throws(RestoreError) {
            let event = { @Sendable epoch in Event(.vaultRestored, by: actor, at: now, number: epoch) }
            let done = try await restore.run(passphrase, replacingNewer: replacingNewer, event, progress)
            await restore.end()
            return done
        } catch {
            await restore.end()
            throw error
        }
    }
}

/// A backup on its way into a vault's place: both are open, on one executor.
private struct Restore {
    private let file: VaultFile
    private let draft: VaultFile
    private let notes: String?
    /// The private copy of the backup, from which the vault is restored. It keeps no notes: it is not the vault yet.
    private let copy: Vault
    /// The vault that is there.
    private let existing: Vault?

    static func begin(
        from backup: String, to path: String, notes: String?, random: RandomSource
    ) async throws(RestoreError) -> Restore {
        let (source, file) = (VaultFile(path: backup), VaultFile(path: path))
        let executor = newVaultExecutor()
        try await RestoreError.ofBackup { () throws(VaultError) in
            try await executor.run { () throws(VaultError) in try source.check() }
        }
        if let same = FileIdentity(at: source.path), same == FileIdentity(at: file.path) { throw .sameFile }
        let existing = try await RestoreError.ofVault { () throws(VaultError) -> Vault? in
            do throws(VaultError) {
                return try await Vault.open(file, executor: executor, notes: notes, random: random)
            } catch .noVault { return nil }
        }
        do throws(RestoreError) {
            let draft = try await RestoreError.ofVault { () throws(VaultError) in
                try await executor.run { () throws(VaultError) in
                    try file.makeDraft(suffix: Identifier(random: random).description, replacing: existing != nil)
                }
            }
            do throws(RestoreError) {
                let copy = try await RestoreError.ofBackup { () throws(VaultError) in
                    try await executor.run { () throws(VaultError) in try draft.copyContent(of: source) }
                    return try await Vault.open(draft, executor: executor, notes: nil, random: random)
                }
                return Restore(file: file, draft: draft, notes: notes, copy: copy, existing: existing)
            } catch {
                draft.remove()
                throw error
            }
        } catch {
            try? await existing?.close()
            throw error
        }
    }

    /// Closes what is open and removes the private copy, where it did not become the vault.
    func end() async {
        try? await copy.close()
        try? await existing?.close()
        draft.remove()
    }

    func run(
        _ passphrase: borrowing SecureBytes, replacingNewer: Bool, _ event: @escaping @Sendable (UInt64) -> Event,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(RestoreError) -> Restoration {
        // Asked before a key is derived for nothing.
        guard existing == nil || existing?.id == copy.id else { throw .otherVault }
        do { try await copy.unlock(passphrase: passphrase) } catch { throw .backup(error) }
        guard let existing else {
            let copied = try await verifyCopy(progress)
            let epoch = try await RestoreError.ofVault { () throws(VaultError) in
                try await copy.publish(draft, as: file, notes: notes, event(copied.epoch))
            }
            return Restoration(copied: copied, epoch: epoch)
        }
        // Whether it was put back itself does not matter: it is about to be replaced, and the mark is looked at all the same.
        do { try await existing.unlock(passphrase: passphrase, acceptingRollback: true) } catch { throw .vault(error) }
        try await existing.compare(with: copy, replacingNewer: replacingNewer)
        let copied = try await verifyCopy(progress)
        let epoch = try await existing.replaceContent(
            by: copy, in: draft, of: file, replacingNewer: replacingNewer, event(copied.epoch))
        return Restoration(copied: copied, epoch: epoch)
    }

    private func verifyCopy(
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws(RestoreError) -> Verification {
        let copied: Verification
        do { copied = try await copy.verify(progress: progress) } catch { throw .backup(error) }
        guard copied.isClean else { throw .backup(.inconsistent(copied.damage)) }
        return copied
    }
}

/// What is done on the executor that the vault and the copy of the backup share.
extension Vault {
    /// Makes this copy, in `draft`, the vault in `file`, where there is none. Returns its epoch.
    fileprivate func publish(
        _ draft: VaultFile, as file: VaultFile, notes: String?, _ event: Event
    ) throws(VaultError) -> UInt64 {
        let keys = try keys()
        let marking = notes.map { Marking(EpochMark(folder: $0, vault: id)) }
        let copied = try connection.read { try StateRow.open(with: keys, in: $0) }
        let seen = marking?.seenEpoch(copied) ?? 0
        let state = try goOn(from: seen, event)
        try close()
        try file.publish(draft)
        // Not before: a mark must never run ahead of its vault.
        marking?.note(state)
        return state.epoch
    }

    /// Refuses what this vault must not be replaced by.
    fileprivate func compare(with copy: Vault, replacingNewer: Bool) throws(RestoreError) {
        try RestoreError.mapping {
            let (keys, theirs) = try (keys(), copy.assumeIsolated { try $0.keys() })
            guard keys.areThose(of: theirs) else { throw RestoreError.otherVault }
            let state = try keys.state(connection.read(StateRow.fetch))
            let copied = try theirs.state(copy.connection.read(StateRow.fetch))
            try Self.compare(state, with: copied, replacingNewer: replacingNewer)
        }
    }

    private static func compare(
        _ state: VaultState, with copied: VaultState, replacingNewer: Bool
    ) throws(RestoreError) {
        let isNewer = state.epoch > copied.epoch || state.epoch == copied.epoch && state.log.head != copied.log.head
        guard replacingNewer || !isNewer else { throw .newer(vault: state.epoch, backup: copied.epoch) }
    }

    /// Replaces all there is by what `copy`, in `draft`, has, and goes on from there. Returns the epoch.
    fileprivate func replaceContent(
        by copy: Vault, in draft: VaultFile, of file: VaultFile, replacingNewer: Bool, _ event: Event
    ) throws(RestoreError) -> UInt64 {
        try RestoreError.mapping {
            let (keys, theirs) = try (keys(), copy.assumeIsolated { try $0.keys() })
            // SQLite wants a connection of its own for each: what is read from, what is read meanwhile.
            let source = try Connection.connect(draft) { _ in }
            defer { try? source.close() }
            let witness = try Connection.open(file)
            defer { try? witness.close() }
            try connection.replaceContent(by: source) { _ in
                // Again, now that nobody else can write: what was acknowledged since must not be lost unnoticed.
                let state = try keys.state(witness.read(StateRow.fetch))
                let copied = try theirs.state(copy.connection.read(StateRow.fetch))
                try Self.compare(state, with: copied, replacingNewer: replacingNewer)
                let seen = max(state.epoch, keys.markedEpoch(state) ?? 0)
                _ = try copy.assumeIsolated { try $0.goOn(from: seen, event) }
            }
            let state = try keys.state(connection.read(StateRow.fetch))
            keys.writeMark()
            return state.epoch
        }
    }

    /// Logs `event`, and goes on from the epoch `seen` where that is later.
    private func goOn(from seen: UInt64, _ event: Event) throws(VaultError) -> VaultState {
        let keys = try keys()
        try connection.write(with: keys, random) { transaction in
            try transaction.log(event)
            transaction.advance(to: seen)
        }
        return try keys.state(connection.read(StateRow.fetch))
    }
}

extension Unlocked {
    /// Whether the other keys come from the same root key.
    fileprivate func areThose(of other: Unlocked) -> Bool {
        let fingerprint = RowFingerprint(.event)
        return hash(fingerprint) == other.hash(fingerprint)
    }
}
