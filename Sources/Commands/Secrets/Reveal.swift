internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import Vault

/// `coffer reveal`.
struct Reveal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reveal",
        abstract: "Print a secret's value alone, byte for byte, nothing added.",
        discussion: """
            EXAMPLE:
              coffer reveal TLS_KEY > key.pem
              coffer reveal TLS_KEY --version 3
              curl -H "Authorization: Bearer $(coffer reveal API_TOKEN)" https://example.com
            """)

    @OptionGroup var secret: SecretArguments
    @Option(help: ArgumentHelp("The value that it once had: see 'coffer show --versions'.", valueName: "n"))
    var version: Int64?

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            try await Self.print(secret.resolve(in: secrets), version: version, in: secrets)
        }
    }

    /// Does what `coffer reveal NAME` does, where nothing else is said.
    static func printDefault(_ name: String) async throws {
        try await DefaultVault().withSecrets { secrets in
            try await print(secrets.find(name, project: nil), version: nil, in: secrets)
        }
    }

    private static func print(_ secret: SecretMetadata, version: Int64?, in secrets: Secrets) async throws {
        let value = try await secrets.reveal(secret.id, version: version)
        try Output.secret(value.bytes)
        // Keeps the shell's prompt off the value's line, without adding to what a pipe or file gets.
        if Terminal.isTerminal(STDOUT_FILENO) { Output.write([UInt8(ascii: "\n")], to: STDERR_FILENO) }
    }
}
