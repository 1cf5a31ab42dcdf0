internal import ArgumentParser

/// `coffer kdf`.
struct KDFCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kdf",
        abstract: "Find out what opening a vault may cost on this machine.",
        discussion: """
            EXAMPLE:
              coffer kdf tune
            """,
        subcommands: [KDFTune.self])
}
