internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// `coffer inject`.
struct Inject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inject",
        abstract: "Fill a template: {{$NAME}} becomes the value of the secret NAME.",
        discussion: """
            Everything else stays as it is, byte for byte; '{{$}}' writes '{{' itself. A name is looked for in the \
            project, then among the personal secrets; one that is in neither fails before anything is written.

            EXAMPLE:
              coffer inject -i config.yml.template -o config.yml
              echo 'Authorization: Bearer {{$GITHUB_TOKEN}}' | coffer inject
            """)

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("The template; without it, standard input.", valueName: "template"))
    var input: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write to this file, for your eyes only (0600), whole or not at all.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Look in this project first, by its name or id.", valueName: "project"))
    var project: String?

    @OptionGroup var options: VaultOptions

    /// The greatest size of a template in bytes.
    private static let maximumByteCount = 64 << 20

    /// The greatest size of a filled template in bytes, all of it in protected memory.
    private static let maximumFilledByteCount = 256 << 20

    func run() async throws {
        guard input != nil || options.passphraseDescriptor != STDIN_FILENO else {
            throw Failure(
                .usage, "standard input cannot give both the passphrase and the template",
                hint: "use --passphrase-file, or -i for the template")
        }
        let text = try readText()
        let template = try text.withUnsafeBytes { bytes throws(Failure) in
            do throws(TemplateError) { return try Template(bytes) } catch {
                throw Failure(
                    .badInput, "line \(error.line): '{{$' is not followed by a secret's name and '}}'",
                    hint: "nothing was written; '{{$}}' writes '{{' itself")
            }
        }
        let values = try await options.withSecrets { secrets in
            try await secrets.reveal(Self.find(template.names, project: project, in: secrets), for: .inject)
        }
        guard let count = template.filledCount(with: values), count <= Self.maximumFilledByteCount else {
            throw Failure(
                .badInput, "the filled template would be larger than 256 MiB", hint: "nothing was written; split it")
        }
        let filled = text.withUnsafeBytes { template.filled($0, with: values) }
        if let output { try PrivateFile.write(filled, to: output) } else { try Output.secret(filled, warning: true) }
    }

    private func readText() throws(Failure) -> SecureBytes {
        let limit = Self.maximumByteCount
        let text =
            if let input {
                try SecretInput.readFile(input, limit: limit, what: "the template")
            } else {
                try SecretInput.readAll(from: STDIN_FILENO, limit: limit, what: "standard input")
            }
        guard let text else {
            throw Failure(.badInput, "the template is larger than 64 MiB", hint: "nothing was written; split it")
        }
        return text
    }

    /// The ids of the secrets called `names`. Throws ``Failure`` with all names that no secret has.
    private static func find(
        _ names: [String], project: String?, in secrets: Secrets
    ) async throws -> [Identifier] {
        let reference = try project ?? RequestedSecrets.projectFile()?.file.project
        var id: Identifier?
        if let reference { id = try await ProjectReference.resolve(reference, in: secrets).id }
        var ids: [Identifier] = []
        var unknown: [String] = []
        for name in names {
            do throws(SecretsError) {
                ids.append(try await Self.find(name, project: id, in: secrets).id)
            } catch .vault(.noSuchSecret) { unknown.append(name) }
        }
        guard unknown.isEmpty else {
            throw Failure(
                .notFound, "no secret is called \(unknown.joined(separator: ", "))",
                hint: "nothing was written; 'coffer list' shows the names; --project looks in a project")
        }
        return ids
    }

    private static func find(
        _ name: String, project: Identifier?, in secrets: Secrets
    ) async throws(SecretsError) -> SecretMetadata {
        guard let project else { return try await secrets.find(name, project: nil) }
        do throws(SecretsError) { return try await secrets.find(name, project: project) } catch {
            guard error == .vault(.noSuchSecret) else { throw error }
            return try await secrets.find(name, project: nil)
        }
    }
}
