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
              curl -H "Authorization: Bearer $(coffer reveal API_TOKEN)" https://example.com
            """)

    @OptionGroup var secret: SecretArguments
    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let value = try await secrets.reveal(secret.resolve(in: secrets).id)
            try Output.secret(value.bytes)
            // Keeps the shell's prompt off the value's line, without adding to what a pipe or file gets.
            if Terminal.isTerminal(STDOUT_FILENO) { Output.write([UInt8(ascii: "\n")], to: STDERR_FILENO) }
        }
    }
}
