internal import ArgumentParser

/// `coffer passphrase`.
struct PassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "Change the passphrase.",
        discussion: """
            EXAMPLE:
              coffer passphrase change
            """,
        subcommands: [PassphraseChange.self])
}
