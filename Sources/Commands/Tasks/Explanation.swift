internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// Which secrets a task would get, from where and why.
struct Explanation {
    private let selected: SelectedSecrets
    private let short: Set<Identifier>
    private let projects: [Identifier: String]

    /// An explanation of `selected`. Their values are opened for their lengths alone.
    init(_ selected: SelectedSecrets, in secrets: Secrets) async throws {
        self.selected = selected
        let counts = try await secrets.characterCounts(selected.secrets.map(\.metadata.id))
        short = Set(ShortValues(selected.secrets, characterCounts: counts).secrets.map(\.id))
        projects = Dictionary(
            uniqueKeysWithValues: try await secrets.vault.projects().map { ($0.id, $0.details.name) })
    }

    /// Prints a line for each secret. Throws ``Failure``.
    func print() throws(Failure) {
        var table = Table(heading: ["NAME", "FROM", "WHY", "NOTE"])
        for secret in selected.secrets { table.rows.append(row(secret, note(on: secret))) }
        for secret in selected.passedOver {
            table.rows.append(row(secret, "left out: steers the programs that a task runs; --secret adds it"))
        }
        try table.print()
        if table.rows.isEmpty { Terminal.say("note: no secret is selected; --secret and --all select some") }
    }

    private func row(_ secret: SelectedSecret, _ note: String) -> [String] {
        let name = secret.metadata.name
        return [name, projects[secret.metadata.scope] ?? "personal", Self.words(secret.reason), note]
    }

    private func note(on secret: SelectedSecret) -> String {
        var notes: [String] = []
        if short.contains(secret.metadata.id) {
            notes.append("not redacted: fewer than \(Automaton.minimumLength) characters")
        }
        if getenv(secret.metadata.name) != nil { notes.append("replaces the inherited variable") }
        return notes.isEmpty ? "-" : notes.joined(separator: "; ")
    }

    private static func words(_ reason: Reason) -> String {
        switch reason {
        case .wanted: "--secret"
        case .listed: ProjectFile.name
        case .defaultAvailable: "available by default"
        case .all: "--all"
        }
    }
}
