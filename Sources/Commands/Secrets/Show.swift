internal import ArgumentParser
internal import SecretsAPI

/// `coffer show`.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a secret, masked.",
        discussion: """
            EXAMPLE:
              coffer show GITHUB_TOKEN
            """)

    @OptionGroup var secret: SecretArguments

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            try SecretOutput.print(secrets.show(await secret.resolve(in: secrets)), json: json)
        }
    }
}
