internal import ArgumentParser

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
        guard explain else {
            return try await TaskStart(command: command, requested: selection.requested, redacts: !noRedact)
                .run(with: options)
        }
        try await options.withSecrets { secrets in
            try await Explanation(selection.requested.resolve(in: secrets), in: secrets).print()
        }
    }
}
