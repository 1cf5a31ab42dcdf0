internal import Sodium
internal import Synchronization
internal import Vault

/// What a command says of how well it can protect the vault, whatever else it does.
enum VaultWarnings {
    private static let hasWarned = Atomic(false)

    /// Says so, once, where secrets may reach swap.
    static func warnOfUnlockedMemory() {
        guard Library.memoryLockFailed, !hasWarned.exchange(true, ordering: .relaxed) else { return }
        Terminal.say("warning: memory cannot be locked, so secrets may reach swap; raise 'ulimit -l'")
    }

    private static let hasWarnedOfMark = Atomic(false)

    /// Says so, once, where this machine cannot remember how new the vault is.
    static func warnOfMark(of vault: Vault) async {
        guard await vault.hasMarkFailed, !hasWarnedOfMark.exchange(true, ordering: .relaxed) else { return }
        Terminal.say(
            "warning: an older copy of the vault would not be noticed, because $XDG_STATE_HOME/coffer cannot be written"
        )
    }
}
