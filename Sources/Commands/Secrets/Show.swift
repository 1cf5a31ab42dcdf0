internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer show`.
struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a secret, masked.",
        discussion: """
            The last ten former values are kept: see 'coffer reveal --version' and 'coffer restore-version'.

            EXAMPLE:
              coffer show GITHUB_TOKEN
              coffer show GITHUB_TOKEN --versions
            """)

    @OptionGroup var secret: SecretArguments

    @Flag(help: "Show its values that are kept, masked, the oldest first.")
    var versions = false

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let metadata = try await secret.resolve(in: secrets)
            guard versions else { return try SecretOutput.print(secrets.show(metadata), json: json) }
            let (former, current) = try await secrets.vault.versions(of: metadata.id)
            try VersionList(former: former, current: current, of: metadata).print(json: json)
        }
    }
}
