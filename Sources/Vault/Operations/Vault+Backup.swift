/// Copies of the whole vault.
extension Vault {
    /// Copies the vault, as it is at one moment, to a new file at `path`, while others write to it.
    ///
    /// The copy is looked at as by ``verify(progress:)`` before it gets its name, and appears whole or not at all, with mode
    /// 0600. The log has it then; of a copy that fails it has nothing. `progress` is told how many rows of the copy were
    /// looked at, and of how many. Returns what the copy has.
    ///
    /// Throws ``VaultError/vaultExists`` where there is anything at `path`, ``VaultError/inconsistent(_:)``,
    /// ``VaultError/damaged(_:)``, ``VaultError/locked``, ``VaultError/storage(_:)``.
    public nonisolated func backUp(
        to path: String, by actor: Actor, now: Int64, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws(VaultError) -> Verification {
        let file = VaultFile(path: path)
        let draft = try await beginCopy(file)
        do throws(VaultError) {
            let copied = try await fill(draft, progress)
            try await write { transaction in
                try transaction.log(Event(.backedUp, by: actor, at: now, number: copied.epoch))
            }
            try await executor.run { () throws(VaultError) in try file.publish(draft) }
            return copied
        } catch {
            draft.remove()
            throw error
        }
    }

    private func beginCopy(_ file: VaultFile) throws(VaultError) -> VaultFile {
        _ = try keys()
        return try file.makeDraft(suffix: Identifier(random: random).description)
    }

    /// Copies the vault into `draft`, and looks at what is there then.
    private func fill(
        _ draft: VaultFile, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(VaultError) -> Verification {
        let keys = try keys()
        try connection.copy(to: draft)
        // Opened anew, and read from the file: what is looked at is what will be found there.
        let copy = try Connection.open(draft)
        let found: Verification
        do throws(VaultError) {
            found = try copy.verify(with: keys, progress)
        } catch {
            try? copy.close()
            throw error
        }
        try copy.close()
        guard found.isClean else { throw .inconsistent(found.damage) }
        return found
    }
}
