internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer update`.
struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change what is known of a secret, not its value.",
        discussion: """
            EXAMPLE:
              coffer update GITHUB_TOKEN --default-available true
              coffer update GITHUB_TOKEN --rename GH_TOKEN
            """)

    @OptionGroup var secret: SecretArguments

    @Option(help: ArgumentHelp("Whether tasks have it without asking for it by name.", valueName: "true|false"))
    var defaultAvailable: Bool?

    @Option(help: ArgumentHelp("Its new name.", valueName: "new"))
    var rename: String?

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func validate() throws {
        if defaultAvailable == nil, rename == nil {
            throw ValidationError("nothing to change: give --default-available or --rename")
        }
    }

    func run() async throws {
        try await options.withSecrets { secrets in
            let id = try await secret.resolve(in: secrets).id
            let changed = try await secrets.update(id, name: rename, defaultAvailable: defaultAvailable)
            try SecretOutput.print(changed, json: json)
        }
    }
}
