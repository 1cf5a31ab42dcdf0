internal import ArgumentParser
internal import SecretsAPI
internal import Sodium
internal import Vault

/// `coffer status`.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell what can be told of the vault without its passphrase.",
        discussion: """
            Anyone who gets hold of the file can tell as much, and sizes in steps of 64 bytes. Whether there is a session, \
            and which servers run, is told to you alone.

            EXAMPLE:
              coffer status
              coffer status --json
            """)

    @OptionGroup var options: VaultOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let path = try options.path()
        let vault = try await options.open()
        let summary: VaultSummary
        do { summary = try await vault.summary() } catch { throw Failure(error) }
        let session = OpenSession(of: vault)
        let servers = RunningServers(of: vault.id).states().servers
        try? await vault.close()
        VaultWarnings.warnOfServersElsewhere()
        if json { return try Output.json(StatusShape(path, summary, session, servers, now: Clock.now())) }
        try Output.line("vault    \(path)")
        try Output.line("id       \(summary.id)")
        try Output.line("schema   \(summary.schemaVersion)")
        try Output.line("state    \(session?.words(now: Clock.now()) ?? "locked")")
        for server in servers {
            try Output.line("server   \(Self.words(server.answer)), process \(server.process)")
        }
        for slot in summary.slots {
            let memory = slot.cost.memory >> 20
            try Output.line(
                "slot \(slot.number)   \(slot.kind), Argon2id \(memory) MiB, \(slot.cost.operations) passes")
        }
        try Output.line("secrets  \(summary.secrets)")
        try Output.line("projects \(summary.scopes - 1)")
        try Output.line("tokens   \(summary.tokens)")
    }

    private static func words(_ answer: ControlMessage.Answer?) -> String {
        switch answer {
        case .locked: "locked"
        case .unlocked: "unlocked"
        default: "does not answer"
        }
    }
}

/// A session, and how much of it is left.
struct OpenSession {
    let session: Session
    /// How long it lasts if nobody uses it, in seconds, as the kernel rounds it; nil where it does not tell.
    let unused: Int64?

    /// That of `vault`; nil where there is none, as where there is no keyring.
    init?(of vault: Vault) {
        guard let session = try? vault.session() else { return nil }
        self.session = session
        unused = vault.unusedSessionRemaining()
    }

    func words(now: Int64) -> String {
        let end = "unlocked until \(Timestamp.text(now + session.remaining))"
        let idle = TimeSpan(seconds: Int64(session.idle))
        guard let unused, unused > 0 else { return "\(end), or until not used for \(idle)" }
        return "\(end), or until not used for \(idle): \(TimeSpan(seconds: unused)) from now"
    }
}
