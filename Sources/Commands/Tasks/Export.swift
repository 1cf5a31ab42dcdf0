public import ArgumentParser
public import EnvFile
internal import SecretsAPI
public import Sodium
internal import TaskRuntime
internal import Vault

/// `coffer export`.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write secrets as an env file.",
        discussion: """
            Exports what a task would get: the secrets available by default, of the personal scope and of the \
            project, and each --secret. A project's secret stands before a personal one of the same name.

            Format 'shell' is for bash and dash ('set -a; . ./.env; set +a') and for systemd (EnvironmentFile=).

            EXAMPLE:
              coffer export -o .env
              coffer export --project web --secret TLS_KEY --format shell
            """)

    @Option(help: ArgumentHelp("The reader the file is for.", valueName: "format"))
    var format: Dialect = .shell

    @OptionGroup var selection: SelectionOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file, for your eyes only (0600), whole or not at all.", valueName: "file"))
    var output: String?

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let selected = try await selection.resolve(in: secrets)
            if selected.isEmpty {
                Terminal.say("note: no secret is selected; --secret and --all select some")
            }
            var file = SecureBuffer(capacity: 4096)
            for secret in selected {
                let value = try await secrets.reveal(secret.id)
                try Self.append(secret.name, value, as: format, to: &file)
            }
            let bytes = file.finish()
            if let output { try PrivateFile.write(bytes, to: output) } else { try Output.secret(bytes) }
        }
    }

    private static func append(
        _ name: String, _ value: borrowing SecureBytes, as format: Dialect, to file: inout SecureBuffer
    ) throws(Failure) {
        do throws(DialectError) {
            try value.withUnsafeBytes { bytes throws(DialectError) in
                try format.encode(name: name, value: bytes, to: &file)
            }
        } catch {
            throw Failure(
                .badInput, "\(name) \(error.reason), which format '\(format.rawValue)' cannot hold",
                hint: "nothing was written; leave it out")
        }
    }
}

extension Dialect: ExpressibleByArgument {}

extension SecureBuffer: ByteSink {}
