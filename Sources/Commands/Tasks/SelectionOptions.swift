internal import ArgumentParser
internal import SecretsAPI
internal import TaskRuntime
internal import Vault

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

    /// The selected secrets, in order of their names. Throws ``Failure``.
    func resolve(in secrets: Secrets) async throws(Failure) -> [SecretMetadata] {
        var id: Identifier?
        if let project { id = try await ProjectReference.resolve(project, in: secrets).id }
        do {
            return try await Selection(project: id, wanted: wanted, all: all).resolve(in: secrets)
        } catch { throw Failure(error) }
    }
}
