/// Keys that are not in use cannot be read, not even by a stray pointer in this program.
extension Vault {
    /// The keys in memory, readable until nobody uses them any more. Throws ``VaultError/locked``.
    func keys() throws(VaultError) -> Unlocked {
        guard let unlocked else { throw .locked }
        unlocked.wake()
        if isRestDue { areKeysInUse = true } else { awaitRest() }
        return unlocked
    }

    private func awaitRest() {
        isRestDue = true
        areKeysInUse = false
        executor.whenUsed { [weak self] in self?.assumeIsolated { $0.restUnlessInUse() } }
    }

    /// Makes the keys unreadable, or waits on if others have asked for them meanwhile.
    private func restUnlessInUse() {
        isRestDue = false
        guard let unlocked else { return }
        if areKeysInUse, executor.servesMany { awaitRest() } else { unlocked.rest() }
    }
}
