internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer token revoke`.
struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a token. A running server refuses it from then on.",
        discussion: """
            EXAMPLE:
              coffer token revoke ci
            """)

    @Argument(help: ArgumentHelp("The token's name, or its id.", valueName: "name"))
    var name: String

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let id = Identifier(name)
            guard
                let token = try await secrets.vault.tokens().first(where: { $0.id == id || $0.details.name == name })
            else { throw Failure(.noSuchToken) }
            try await secrets.vault.revokeToken(token.id)
            Terminal.say("revoked \(token.details.name)")
        }
    }
}
