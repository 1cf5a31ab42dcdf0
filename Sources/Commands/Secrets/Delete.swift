internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer delete`.
struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove a secret for good.",
        discussion: """
            EXAMPLE:
              coffer delete GITHUB_TOKEN
            """)

    @OptionGroup var secret: SecretArguments
    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let metadata = try await secret.resolve(in: secrets)
            try await secrets.delete(metadata.id, by: .owner)
            Terminal.say("deleted \(metadata.name)")
        }
    }
}
