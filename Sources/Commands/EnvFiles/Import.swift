public import ArgumentParser
internal import EnvFile
internal import Glibc
internal import SecretsAPI
internal import Sodium
public import Vault

/// `coffer import`.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store the entries of an env file, all of them or none.",
        discussion: """
            The format is told by the file's name and content, unless --format names it: see 'coffer export --help'. \
            Nothing is expanded or carried out: '$OTHER' and '$(command)' stay as they stand.

            EXAMPLE:
              coffer import .env --dry-run
              coffer import .env --project web --on-conflict replace
              kubectl get secret web -o yaml | coffer import - --fix-names
            """)

    @Argument(help: ArgumentHelp("The file; '-' is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The file's format; without it, the file tells.", valueName: "format"))
    var format: Dialect?

    @OptionGroup var project: ProjectOption

    @Option(
        help: ArgumentHelp(
            "When a name is taken: fail, skip, replace the value, or rename to NAME_2.", valueName: "policy"))
    var onConflict: ConflictPolicy = .fail

    @Flag(help: "Turn names of other forms into UPPER_SNAKE_CASE.")
    var fixNames = false

    @Flag(help: "Leave out entries without a value, which no secret can be.")
    var skipEmpty = false

    @Flag(help: "Let tasks have them without asking for them by name.")
    var defaultAvailable = false

    @Flag(help: "Show what would be stored, and store nothing.")
    var dryRun = false

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    /// The greatest size of a file in bytes: room for some thousand values of the greatest length.
    private static let maximumByteCount = 64 << 20

    func validate() throws {
        if dryRun, json { throw ValidationError("--dry-run stores nothing that --json could show") }
    }

    func run() async throws {
        guard file != "-" || options.passphraseDescriptor != STDIN_FILENO else {
            throw Failure(
                .usage, "standard input cannot give both the passphrase and the file",
                hint: "use --passphrase-file, or name the file")
        }
        let entries = try readEntries()
        try await options.withSecrets { secrets in
            let request = SecretBatchRequest(
                names: entries.names, values: entries.values, locations: entries.locations,
                project: try await project.resolve(in: secrets), defaultAvailable: defaultAvailable)
            let total = entries.names.count
            let results = try await RowProgress.show("storing") { bar in
                try await secrets.create(
                    request, onConflict: onConflict, isRehearsal: dryRun, progress: { bar.show($0, of: total) })
            }
            try ImportReport(results: results, isRehearsal: dryRun).print(json: json, shape: secrets.show)
        }
    }

    private func readEntries() throws(Failure) -> NamedValues {
        let bytes =
            file == "-"
            ? try SecretInput.readAll(from: STDIN_FILENO, limit: Self.maximumByteCount, what: "standard input")
            : try SecretInput.readFile(file, limit: Self.maximumByteCount, what: "the file")
        guard let bytes else {
            throw Failure(.badInput, "the file is larger than 64 MiB", hint: "nothing was changed; split it")
        }
        let dialect = bytes.withUnsafeBytes { format ?? Dialect.detect(fileName: file == "-" ? nil : file, $0) }
        var entries = ImportedEntries(capacity: bytes.count)
        do throws(ParseError) {
            try bytes.withUnsafeBytes { bytes throws(ParseError) in try dialect.parse(bytes, into: &entries) }
        } catch {
            throw Failure(
                .badInput, "line \(error.position.line), column \(error.position.column): \(error.reason)",
                hint: "nothing was changed; the file was read as '\(dialect.rawValue)', --format names another format")
        }
        return try NamedValues(entries, fixNames: fixNames, skipEmpty: skipEmpty)
    }
}

extension ConflictPolicy: ExpressibleByArgument {}
