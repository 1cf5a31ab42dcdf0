internal import ArgumentParser

/// `coffer audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show what was done with the vault, by whom and when, or shorten that log.",
        discussion: """
            Without a subcommand, 'coffer audit' is 'coffer audit list' and takes its options.

            EXAMPLE:
              coffer audit --since 7d
              coffer audit prune --older-than 90d
            """,
        subcommands: [AuditList.self, AuditPrune.self],
        defaultSubcommand: AuditList.self)
}
