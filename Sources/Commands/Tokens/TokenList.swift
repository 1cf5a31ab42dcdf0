internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer token list`.
struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tokens, in order of creation. None can be shown again.",
        discussion: """
            EXAMPLE:
              coffer token list
            """)

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let tokens = try await secrets.vault.tokens().map { Shape($0, now: Clock.now()) }
            if json { return try Output.json(["tokens": tokens]) }
            var table = Table(heading: ["NAME", "KIND", "ACCESS", "PROJECTS", "EXPIRES", "ID"])
            for token in tokens {
                table.rows.append([
                    token.name, token.kind, token.access,
                    token.projects.map { $0.joined(separator: ",") } ?? "all",
                    token.expires_at + (token.expired ? " (expired)" : ""), token.id,
                ])
            }
            try table.print()
        }
    }

    private struct Shape: Encodable {
        let id: String
        let name: String
        let kind: String
        let access: String
        let projects: [String]?
        let created_at: String
        let expires_at: String
        let expired: Bool

        init(_ token: Token, now: Int64) {
            let details = token.details
            id = token.id.description
            name = details.name
            kind = details.kind == .jwt ? "bearer" : "api-key"
            access = details.access == .read ? "read" : "read-write"
            projects = details.projects.isEmpty ? nil : details.projects.map(\.description)
            created_at = Timestamp.text(details.createdAt)
            expires_at = Timestamp.text(details.expiresAt)
            expired = now >= details.expiresAt
        }
    }
}
