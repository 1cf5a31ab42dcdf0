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
            Anyone who gets hold of the file can tell as much, and sizes in steps of 64 bytes.

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
        // Where there is no keyring, there is no session either.
        let session = try? vault.session()
        try? await vault.close()
        if json { return try Output.json(Shape(path, summary, session, now: Clock.now())) }
        try Output.line("vault    \(path)")
        try Output.line("id       \(summary.id)")
        try Output.line("schema   \(summary.schemaVersion)")
        try Output.line("state    \(session.map(Self.words) ?? "locked")")
        for slot in summary.slots {
            let memory = slot.cost.memory >> 20
            try Output.line(
                "slot \(slot.number)   \(slot.kind), Argon2id \(memory) MiB, \(slot.cost.operations) passes")
        }
        try Output.line("secrets  \(summary.secrets)")
        try Output.line("projects \(summary.scopes - 1)")
        try Output.line("tokens   \(summary.tokens)")
    }

    private static func words(_ session: Session) -> String {
        let end = Timestamp.text(Clock.now() + session.remaining)
        return "unlocked until \(end), or until not used for \(TimeSpan(seconds: Int64(session.idle)))"
    }

    private struct Shape: Encodable {
        struct OpenSession: Encodable {
            let ends_at: String
            let idle_seconds: UInt32
        }

        struct Slot: Encodable {
            let number: Int64
            let kind: String
            let memory_bytes: UInt64
            let passes: UInt32
        }

        let vault: String
        let id: String
        let schema_version: Int
        let locked: Bool
        let session: OpenSession?
        let slots: [Slot]
        let secrets: Int
        let projects: Int
        let tokens: Int

        init(_ path: String, _ summary: VaultSummary, _ session: Session?, now: Int64) {
            vault = path
            id = summary.id.description
            schema_version = summary.schemaVersion
            locked = session == nil
            self.session = session.map {
                OpenSession(ends_at: Timestamp.text(now + $0.remaining), idle_seconds: $0.idle)
            }
            slots = summary.slots.map {
                Slot(
                    number: $0.number, kind: $0.kind.rawValue, memory_bytes: $0.cost.memory,
                    passes: $0.cost.operations)
            }
            secrets = summary.secrets
            projects = summary.scopes - 1
            tokens = summary.tokens
        }
    }
}
