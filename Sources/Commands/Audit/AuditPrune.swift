internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer audit prune`.
struct AuditPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the first events of the log for good.",
        discussion: """
            What is left can still be verified. The log has that events were removed, how many and by whom.

            EXAMPLE:
              coffer audit prune --older-than 90d
              coffer audit prune --keep 10000
            """)

    @Option(help: ArgumentHelp("Leave this many, the last ones.", valueName: "n"))
    var keep: Int64?

    @Option(
        help: ArgumentHelp("Remove those before the first one that is younger than this: 12h, 90d.", valueName: "time"))
    var olderThan: TimeSpan?

    @OptionGroup var options: VaultOptions

    func validate() throws {
        guard (keep == nil) != (olderThan == nil) else {
            throw ValidationError("give one of --keep and --older-than")
        }
        if let keep, keep < 0 { throw ValidationError("--keep is less than 0") }
    }

    func run() async throws {
        try await options.withSecrets { secrets in
            let vault = secrets.vault
            // A log that was tampered with is not to lose what may show it.
            let last = try await vault.checkLog().sequence
            let first =
                if let keep {
                    last - min(keep, last) + 1
                } else {
                    try await Self.first(since: secrets.now() - (olderThan?.seconds ?? 0), in: vault, last: last)
                }
            let count = try await vault.pruneLog(before: first, by: secrets.owner, now: secrets.now())
            Terminal.say(count == 1 ? "removed 1 event" : "removed \(count) events")
        }
    }

    /// The first event that is not before `time`, else the one that will follow `last`.
    private static func first(since time: Int64, in vault: Vault, last: Int64) async throws -> Int64 {
        var next: Int64 = 1
        while true {
            let page = try await vault.events(from: next, to: last, limit: 500)
            if let event = page.first(where: { $0.event.time >= time }) { return event.sequence }
            guard let end = page.last?.sequence else { return last + 1 }
            next = end + 1
        }
    }
}
