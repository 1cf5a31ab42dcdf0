internal import ArgumentParser
internal import Vault

/// `coffer recovery create`.
struct RecoveryCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Print a recovery code, this once, that opens the vault from now on.",
        discussion: """
            The code is accepted wherever a passphrase is. Print it or write it down, and keep it where you keep \
            papers: whoever has it and the file has everything. There is one at a time.

            EXAMPLE:
              coffer recovery create
              coffer recovery create --replace | lp
            """)

    @Flag(help: "Revoke the code that there is.")
    var replace = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withOpenedSlot { vault, opened, _ in
            let isReplacing = try await vault.hasRecoveryCode()
            if isReplacing, !replace { throw Failure(.recoveryCodeExists) }
            let code = RecoveryCode()
            Terminal.say("this is the recovery code, shown this once:")
            // Before it is made valid: a code that nobody could read would open the vault for nobody.
            try Output.secretLine(code.text())
            do throws(VaultError) {
                try await vault.createRecoveryCode(
                    code, replacing: replace, with: opened, by: LocalUser.actor, now: Clock.now())
            } catch {
                Terminal.say("the code that was shown is not valid")
                throw error
            }
            Terminal.say("it opens the vault wherever a passphrase is asked for")
            if isReplacing { VaultWarnings.noteOpen(vault) }
        }
    }
}
