internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer rotate`.
struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a secret a new value.",
        discussion: """
            The value is taken as by 'coffer add'. Name, id and flags stay as they are.

            EXAMPLE:
              coffer rotate GITHUB_TOKEN
              coffer rotate TLS_KEY --from-file new.pem
            """)

    @OptionGroup var secret: SecretArguments
    @OptionGroup var input: ValueInput

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try input.check(passphraseDescriptor: options.passphraseDescriptor)
        try await options.withSecrets { secrets in
            let id = try await secret.resolve(in: secrets).id
            let value = try input.read()
            try SecretOutput.print(await secrets.rotate(id, to: value), json: json)
        }
    }
}
