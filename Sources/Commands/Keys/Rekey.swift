internal import ArgumentParser
internal import Vault

/// `coffer rekey`.
struct Rekey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rekey",
        abstract: "Seal everything anew, under new keys.",
        discussion: """
            For when somebody may have had the keys. Asks for the passphrase, which stays the same. All tokens and \
            the recovery code are revoked, the session ends, and running servers are locked. All of it happens, or \
            nothing.

            EXAMPLE:
              coffer rekey
            """)

    @OptionGroup var options: VaultOptions

    /// Has those forget the old keys that still hold them: the session, and running servers.
    private func dropOldKeys(of vault: Vault) {
        if (try? vault.endSession()) == true {
            Terminal.say("note: the session has ended; 'coffer unlock' opens another")
        }
        VaultWarnings.warnOfServersElsewhere()
        let outcome = RunningServers(of: vault.id).lock()
        // Whatever they answer: they have no old keys any more.
        if !outcome.answers.isEmpty {
            Terminal.say("note: running servers are locked; 'coffer unlock --server' unlocks them")
        }
        if !outcome.silent.isEmpty {
            Terminal.say(
                "warning: a server did not answer, and may still hold the old keys; "
                    + "end it: kill -9 \(outcome.silent.joined(separator: " "))")
        }
    }

    func run() async throws {
        let vault = try await options.open()
        let passphrase = try options.passphrase()
        try await options.withKeys(of: vault) {
            let isClean = try await RowProgress.show("rekeying") { bar in
                try await vault.rekey(
                    passphrase: passphrase, by: LocalUser.actor, now: Clock.now(), progress: bar.show)
            }
            Terminal.say("sealed everything anew; all tokens and recovery codes are revoked")
            dropOldKeys(of: vault)
            if !isClean {
                Terminal.say(
                    "warning: what was replaced may still stand in the file, sealed under the old keys, until every program "
                        + "that has the vault open has closed it, and there is room")
            }
        }
    }
}
