internal import ArgumentParser
internal import Vault

/// `coffer recovery revoke`.
struct RecoveryRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Let no recovery code open the vault any more.",
        discussion: """
            Asks for the passphrase. A copy of the file from before it still opens with the code, and a session or a \
            server that is open stays open.

            EXAMPLE:
              coffer recovery revoke
            """)

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withOpenedSlot { vault, opened, _ in
            try await vault.revokeRecoveryCode(with: opened, by: LocalUser.actor, now: Clock.now())
            Terminal.say("revoked the recovery code")
            VaultWarnings.noteOpen(vault)
        }
    }
}
