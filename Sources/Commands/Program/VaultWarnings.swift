internal import Sodium
internal import Synchronization
package import Vault

/// What a command says of how well it can protect the vault, whatever else it does.
package enum VaultWarnings {
    private static let hasWarned = Atomic(false)

    /// Says so, once, where secrets may reach swap.
    static func warnOfUnlockedMemory() {
        guard Library.memoryLockFailed, !hasWarned.exchange(true, ordering: .relaxed) else { return }
        Terminal.say("warning: memory cannot be locked, so secrets may reach swap; raise 'ulimit -l'")
    }

    /// Says so where a guess at the passphrase of one of `slots` costs less than it would in a new vault. A recovery code
    /// cannot be guessed, whatever that costs.
    package static func warnOfWeakness(of slots: [KeySlot]) {
        let usual = PasswordHash.Cost.moderate
        for slot in slots where slot.kind == .passphrase && slot.cost.isWeaker(than: usual) {
            let words = [slot.cost, usual].map { "\($0.memory >> 20) MiB and \($0.operations) passes" }
            Terminal.say(
                "note: a guess at the passphrase costs less than by default: \(words[0]), not \(words[1]); "
                    + "'coffer passphrase change --kdf-memory \(usual.memory >> 20) --kdf-passes \(usual.operations)' raises it"
            )
        }
    }

    private static let hasWarnedOfMark = Atomic(false)

    /// Says so, once, where this machine cannot remember how new the vault is.
    static func warnOfMark(of vault: Vault) async {
        let isHomeless = StateFolder.path == nil
        guard await vault.hasMarkFailed || isHomeless, !hasWarnedOfMark.exchange(true, ordering: .relaxed) else {
            return
        }
        Terminal.say(
            "warning: an older copy of the vault would not be noticed, because "
                + (isHomeless ? "HOME is not set" : "$XDG_STATE_HOME/coffer cannot be written"))
    }

    /// Says what still opens `vault` when a passphrase or a code no longer does: nobody who changes one expects it.
    static func noteOpen(_ vault: Vault) {
        if (try? vault.session()) != nil {
            Terminal.say("note: the session that is open stays; 'coffer lock' ends it")
        }
        noteUnlocked(RunningServers(of: vault.id))
    }

    /// Says so where one of `servers` has keys of its own, or does not say that it has none.
    static func noteUnlocked(_ servers: RunningServers) {
        warnOfServersElsewhere()
        guard servers.states().servers.contains(where: { $0.answer != .locked }) else { return }
        Terminal.say("note: a running server keeps its own keys; 'coffer lock --server' locks it too")
    }

    /// Says so where servers that run may not have been found.
    static func warnOfServersElsewhere() {
        guard StateFolder.path == nil else { return }
        Terminal.say("warning: HOME is not set, and a server whose control socket is below it is not found without it")
    }
}
