internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer token list`.
struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List tokens, in order of creation. None can be shown again.",
        discussion: """
            Projects are told by name, and with --json, or where there is none any more, by id. Last use is told by the \
            hour: a running server notes it, once an hour for each token. Tokens that were \
            revoked or have expired are kept for 30 days, and shown with --all.

            EXAMPLE:
              coffer token list
              coffer token list --all
            """)

    @Flag(help: "List those too that were revoked or have expired.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let now = Clock.now()
            let tokens = try await secrets.vault.tokens(revoked: true)
                .filter { all || $0.details.isGood(at: now) }
                .map { Shape($0, now: now) }
            if json { return try Output.json(["tokens": tokens]) }
            // A token outlives its projects, and is listed beside damaged ones.
            let projects = (try? await secrets.vault.projects()) ?? []
            // Names that would read as something else stay ids.
            let names = Dictionary(
                uniqueKeysWithValues: projects.filter { $0.details.name != "all" && !$0.details.name.contains(",") }
                    .map { ($0.id.description, $0.details.name) })
            var table = Table(
                heading: ["NAME", "KIND", "ACCESS", "PROJECTS", "USED", "EXPIRES"] + (all ? ["STATE"] : [])
                    + ["ID"])
            for token in tokens {
                table.rows.append(
                    [
                        token.name, token.kind, token.access,
                        token.projects.map { $0.map { names[$0] ?? $0 }.joined(separator: ",") } ?? "all",
                        token.last_used_at ?? "-", token.expires_at,
                    ] + (all ? [token.state] : []) + [token.id])
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
        let last_used_at: String?
        let revoked_at: String?
        let state: String

        init(_ token: Token, now: Int64) {
            let details = token.details
            id = token.id.description
            name = details.name
            kind = details.kind == .jwt ? "bearer" : "api-key"
            access = details.access == .read ? "read" : "read-write"
            projects = details.projects.isEmpty ? nil : details.projects.map(\.description)
            created_at = Timestamp.text(details.createdAt)
            expires_at = Timestamp.text(details.expiresAt)
            last_used_at = details.lastUsedAt.map(Timestamp.text)
            revoked_at = details.revokedAt.map(Timestamp.text)
            state = details.revokedAt != nil ? "revoked" : details.isGood(at: now) ? "good" : "expired"
        }
    }
}
