internal import ArgumentParser

/// Which secrets a task or an env file gets.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Add this project's secrets, by its name or id.", valueName: "project"))
    var project: String?

    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp("Add this secret, by its name or id; repeatable.", valueName: "name"))
    var wanted: [String] = []

    @Flag(help: "Take all secrets of these scopes.")
    var all = false

    /// The same without the parser.
    var requested: RequestedSecrets { RequestedSecrets(project: project, wanted: wanted, all: all) }
}
