internal import ArgumentParser

/// `coffer recovery`.
struct RecoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Make or revoke a code that opens the vault when the passphrase is lost.",
        discussion: """
            EXAMPLE:
              coffer recovery create
              coffer recovery revoke
            """,
        subcommands: [RecoveryCreate.self, RecoveryRevoke.self])
}
