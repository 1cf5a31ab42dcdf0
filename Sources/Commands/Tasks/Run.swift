internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// `coffer run`.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start a command with secrets in its environment, and keep them out of its output.",
        discussion: """
            The command gets the secrets available by default, of the personal scope and of the project, and each \
            --secret; a project's secret stands before a personal one of the same name. A .coffer.json in the working \
            directory or above it, such as {"project": "web", "secrets": ["TLS_KEY"]}, selects as --project and \
            --secret do, unless --project is given.

            In its output each value is replaced by {{$NAME}}, also in base64, hex, percent-encoded, JSON-escaped and \
            shell-quoted form. Values of fewer than 6 characters are not. On a terminal the command gets a terminal of \
            its own.

            Ends with the command's status (128+n for signal n); 127 or 126 when it is not found or cannot be started; \
            125 for a failure of coffer's own.

            EXAMPLE:
              coffer run -- npm test
              coffer run --project web --secret TLS_KEY -- ./deploy
              coffer run --explain
            """)

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Leave the output alone: become the command.")
    var noRedact = false

    @Flag(help: "Show which secrets the command would get, from where and why, and start nothing.")
    var explain = false

    @OptionGroup var options: VaultOptions

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, behind '--'.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard explain || !command.isEmpty else {
            throw ValidationError("a command is missing; it stands behind '--', as in 'coffer run -- env'")
        }
    }

    func run() async throws {
        let task = try await options.withSecrets { secrets -> (names: [String], values: SecureList)? in
            let selected = try await selection.resolve(in: secrets)
            if explain {
                try await Explanation(selected, in: secrets).print()
                return nil
            }
            selected.notePassedOver()
            let values = try await secrets.reveal(
                selected.secrets.map(\.metadata.id), for: .run(program: ProgramPath.resolve(command[0])))
            if !noRedact { ShortValues(selected.secrets, values).noteFirstUse() }
            return (selected.secrets.map(\.metadata.name), values)
        }
        // From here on the vault is closed and its keys are gone.
        guard let task else { return }
        try Self.start(command, names: task.names, values: task.values, redacts: !noRedact)
    }

    private static func start(
        _ command: [String], names: [String], values: SecureList, redacts: Bool
    ) throws(Failure) -> Never {
        var environment = EnvironmentBlock()
        // Only where it is needed: its tables are in protected memory, which takes its time.
        var builder = redacts ? Automaton.Builder() : nil
        values.reading { values in
            for (index, name) in names.enumerated() {
                values.withUnsafeBytes(at: index) { value in
                    environment.set(name, to: value)
                    _ = builder?.add(name: name, value: value)
                }
            }
        }
        // As the kernel gave them: an argument need not be UTF-8, which a String would change.
        let arguments = UnsafePointer(CommandLine.unsafeArgv + (Int(CommandLine.argc) - command.count))
        do throws(ChildError) {
            guard let builder = builder.take() else {
                throw ChildProcess.replace(with: arguments, environment: environment)
            }
            Glibc.exit(try ChildProcess.run(arguments, environment: environment, automaton: builder.build()))
        } catch {
            throw Failure(error)
        }
    }
}
