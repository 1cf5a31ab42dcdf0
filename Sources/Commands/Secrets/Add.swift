internal import ArgumentParser
internal import SecretsAPI

/// `coffer add`.
struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Store a secret, and print what is known of it.",
        discussion: """
            The value is asked on the terminal without echo, or taken from standard input or a file, byte for byte. \
            It is never an argument.

            EXAMPLE:
              coffer add GITHUB_TOKEN
              gh auth token | tr -d '\\n' | coffer add GITHUB_TOKEN --default-available
              coffer add TLS_KEY --from-file key.pem --project web
            """)

    @Argument(help: ArgumentHelp("A name of A to Z, 0 to 9 and _, as of an environment variable.", valueName: "name"))
    var name: String

    @OptionGroup var input: ValueInput
    @OptionGroup var project: ProjectOption

    @Flag(help: "Let tasks have it without asking for it by name.")
    var defaultAvailable = false

    @Flag(help: "Note that an agent creates it.")
    var createdByAgent = false

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        // Checked before anything is asked.
        if let fault = SecretName.fault(in: name) { throw Failure(.invalid([FieldFault("name", fault)])) }
        try input.check(passphraseDescriptor: options.passphraseDescriptor)
        try await options.withSecrets { secrets in
            let project = try await project.resolve(in: secrets)
            let request = try CreateSecretRequest(
                name: name, value: input.read(),
                createdByAgent: createdByAgent, defaultAvailable: defaultAvailable, project: project)
            try SecretOutput.print(await secrets.create(request, by: .owner), json: json)
        }
    }
}
