internal import Sodium

/// A vault that is being made, in a file that is not called by its name yet: there is a whole vault in the end, or none.
struct VaultDraft: Sendable {
    /// The vault, with the tables of its schema and nothing in them.
    let vault: Vault
    private let file: VaultFile
    private let draft: VaultFile

    /// Begins a vault for `path`, with a new id.
    ///
    /// Throws ``VaultError/vaultExists``, ``VaultError/storage(_:)``.
    static func begin(at path: String, random: RandomSource) async throws(VaultError) -> VaultDraft {
        let id = Identifier(random: random)
        let executor = newVaultExecutor()
        let file = VaultFile(path: path)
        let draft = try await executor.run { () throws(VaultError) in try file.makeDraft(suffix: id.description) }
        do throws(VaultError) {
            let connection = try await executor.run { () throws(VaultError) in try Connection.create(draft) }
            let vault = Vault(id: id, connection: connection, executor: executor, random: random, notes: nil)
            return VaultDraft(vault: vault, file: file, draft: draft)
        } catch {
            draft.remove()
            throw error
        }
    }

    /// Closes the vault, which is finished, and gives its file the name.
    ///
    /// Throws ``VaultError/vaultExists``, ``VaultError/storage(_:)``.
    func publish() async throws(VaultError) {
        // Only a draft that was closed well is whole: its write-ahead log has no name of its own to be published.
        try await vault.close()
        let (file, draft) = (file, draft)
        try await vault.executor.run { () throws(VaultError) in try file.publish(draft) }
    }

    /// Removes what there is, where it will not be published.
    func discard() {
        draft.remove()
    }
}
