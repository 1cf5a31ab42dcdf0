internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer restore-version`.
struct RestoreVersion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore-version",
        abstract: "Give a secret a value again that it once had.",
        discussion: """
            The value becomes a new version, and the one that it replaces is kept. Name, id and flags stay as they are.

            EXAMPLE:
              coffer show TLS_KEY --versions
              coffer restore-version TLS_KEY 3
            """)

    @OptionGroup var secret: SecretArguments

    @Argument(help: ArgumentHelp("The version: see 'coffer show --versions'.", valueName: "n"))
    var version: Int64

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let id = try await secret.resolve(in: secrets).id
            try SecretOutput.print(await secrets.restoreVersion(version, of: id), json: json)
        }
    }
}
