internal import Sodium
internal import Vault

/// What can be told of the vault itself without its passphrase.
struct VaultChecks {
    let path: String

    func findings() async -> [Finding] {
        let vault: Vault
        let summary: VaultSummary
        do throws(VaultError) {
            // Without a folder for notes: nothing is unlocked, so there is nothing to note.
            vault = try await Vault.open(at: path)
            summary = try await vault.summary()
        } catch {
            return [unreadable(error), .none("key derivation", "not looked at")]
        }
        let structure = await structure(of: vault)
        try? await vault.close()
        let (passphrases, codes) = (
            summary.slots.filter { $0.kind == .passphrase }, summary.slots.filter { $0.kind == .recovery }
        )
        // As a vault that was salvaged with the recovery code.
        if passphrases.isEmpty, !codes.isEmpty {
            let words = "no passphrase opens the vault, but the recovery code does"
            return [structure, .warning("key derivation", words, remedy: "coffer passphrase change")]
        }
        return [structure, derivation(passphrases.map(\.cost))]
    }

    private func unreadable(_ error: VaultError) -> Finding {
        if error == .noVault { return .none("database", "there is no vault", remedy: "coffer init") }
        let failure = Failure(error)
        return .fails("database", failure.message, remedy: damageRemedy(error) ?? failure.hint)
    }

    private func structure(of vault: Vault) async -> Finding {
        do throws(VaultError) {
            return try await vault.isStructureSound()
                ? .ok("database", "SQLite finds nothing wrong; 'coffer verify' looks at all that is sealed")
                : .fails("database", "SQLite finds its structure wrong", remedy: damageRemedy(.damaged(.file))!)
        } catch {
            return unreadable(error)
        }
    }

    /// What saves the rest of a vault that is damaged; nil for what is otherwise wrong with it.
    private func damageRemedy(_ error: VaultError) -> String? {
        guard case .damaged = error else { return nil }
        return "coffer restore BACKUP, or without one: coffer salvage \(path.asShellWord) NEW"
    }

    /// The cost of the slots that a passphrase opens, the cheapest of which is what guessing costs.
    func derivation(_ costs: [PasswordHash.Cost]) -> Finding {
        let check = "key derivation"
        guard let weakest = costs.min(by: { $0.isWeaker(than: $1) }) else {
            return .fails(
                check, "no key slot for a passphrase reads as the format says",
                remedy: damageRemedy(.damaged(.keySlot))!)
        }
        let words = "Argon2id, \(weakest.memory >> 20) MiB, \(weakest.operations) passes"
        let usual = PasswordHash.Cost.moderate
        guard weakest.isWeaker(than: usual) else { return .ok(check, words) }
        return .warning(
            check, "\(words): weaker than the default, \(usual.memory >> 20) MiB, \(usual.operations) passes",
            remedy: "coffer passphrase change --kdf-memory \(usual.memory >> 20) --kdf-passes \(usual.operations)")
    }
}
