internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import Vault

/// `coffer audit list`, and `coffer audit` alone.
struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the log, in order, once its chain was followed from end to end.",
        discussion: """
            On a terminal a table; else a line an event, with tabs between its columns: number, time, who, what, the \
            secrets. A log that was changed without the key is not shown (76). No value is ever in it.

            EXAMPLE:
              coffer audit list
              coffer audit --secret GITHUB_TOKEN --kind revealed --kind run
              coffer audit --since 2h --json
              coffer audit --actor ci --follow
            """)

    @OptionGroup var filter: AuditFilter

    @Flag(name: .shortAndLong, help: "Go on with new events as they are written, until interrupted.")
    var follow = false

    @Flag(help: "Print JSON; with --follow, an object a line.")
    var json = false

    @OptionGroup var options: VaultOptions

    /// How many events are held at a time.
    private static let pageSize = 500
    /// How often new events are looked for.
    private static let interval = Duration.milliseconds(250)

    func run() async throws {
        try await options.withSecrets { secrets in
            let vault = secrets.vault
            let filter = filter.resolved(now: secrets.now())
            var output = AuditOutput(json ? follow ? .lines : .document : .table, vault: vault.id)
            if follow { Interruption.watch() }
            var next: Int64 = 1
            var position: LogPosition?
            repeat {
                // Before the log is read: what is written meanwhile counts as new.
                let version = try await vault.dataVersion()
                let end = try await vault.checkLog(after: position)
                while next <= end.sequence {
                    let page = try await vault.events(from: next, to: end.sequence, limit: Self.pageSize)
                    guard let last = page.last else { break }
                    try output.print(page.filter(filter.matches))
                    next = last.sequence + 1
                }
                next = max(next, end.sequence + 1)
                position = end
                if follow { try await Self.wait(for: vault, toDifferFrom: version) }
            } while follow && !Self.isOver
            if !Self.isOver { try output.finish() }
        }
    }

    private static func wait(for vault: Vault, toDifferFrom version: String) async throws {
        while !isOver {
            try await Task.sleep(for: interval)
            if try await vault.dataVersion() != version { return }
        }
    }

    /// Whether there is nobody to show more to.
    private static var isOver: Bool {
        if Interruption.wasAsked { return true }
        // A pipe says so when its reader has gone, and a terminal when it was hung up.
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&output, 1, 0) > 0 && output.revents != 0
    }
}
