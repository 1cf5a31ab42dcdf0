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
            // Whoever damages one must not keep another from being revoked.
            let tokens = try await secrets.vault.tokens(passingOverDamage: true)
            let now = Clock.now()
            // The id first: a token may be named like another's id. An expired one may be named like a good one.
            let token =
                tokens.first { $0.id == Identifier(name) }
                ?? tokens.first { $0.details.name == name && $0.details.isGood(at: now) }
                ?? tokens.first { $0.details.name == name }
            // A damaged one has no name any more.
            guard let id = token?.id ?? Identifier(name) else { throw Failure(.noSuchToken) }
            try await secrets.vault.revokeToken(id, by: secrets.owner, now: now)
            Terminal.say("revoked \(token?.details.name ?? name)")
        }
    }
}
