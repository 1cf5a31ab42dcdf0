public import ArgumentParser
public import EnvFile
internal import Glibc
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
            Exports what a task would get: see 'coffer run --explain'. The format is named after the reader, because \
            no two read quotes, '$' and line breaks alike: shell (bash, dash, systemd), dotenv (python-dotenv), \
            compose, docker (--env-file), node (--env-file), json, yaml, github ($GITHUB_ENV), fish, kubernetes \
            (Secret). The file is read back and compared before it is written; a value that the format cannot hold \
            is refused by name, and nothing is written.

            EXAMPLE:
              coffer export -o .env
              set -a; . ./.env; set +a
              coffer export --format docker --project web --secret TLS_KEY -o web.env
            """)

    @Option(help: ArgumentHelp("The reader that the file is for.", valueName: "format"))
    var format: Dialect = .shell

    @OptionGroup var selection: SelectionOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file, for your eyes only (0600), whole or not at all.", valueName: "file"))
    var output: String?

    @OptionGroup var options: VaultOptions

    func run() async throws {
        let file = try await options.withSecrets { secrets in
            let selected = try await selection.requested.resolve(in: secrets)
            selected.notePassedOver()
            if selected.secrets.isEmpty {
                Terminal.say("note: no secret is selected; --secret and --all select some")
            }
            let values = try await secrets.reveal(selected.secrets.map(\.metadata.id), for: .export)
            let text = EnvFileText(names: selected.secrets.map(\.metadata.name), values: values)
            return SharedSecureBytes(try text.encoded(as: format))
        }
        if let output {
            try PrivateFile.write(file.bytes, to: output)
        } else {
            try Output.secret(file.bytes, warning: true)
        }
    }
}

extension Dialect: ExpressibleByArgument {}

extension SecureBuffer: ByteSink {}
