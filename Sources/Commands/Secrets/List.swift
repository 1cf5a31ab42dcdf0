internal import ArgumentParser
internal import SecretsAPI

/// `coffer list`.
struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List secrets, masked, in order of creation.",
        discussion: """
            On a terminal a table; else a line a secret, with tabs between its columns: name, mask, available by \
            default, created by an agent, last change, id.

            EXAMPLE:
              coffer list
              coffer list --project web --json
            """)

    @OptionGroup var project: ProjectOption

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let project = try await project.resolve(in: secrets)
            try SecretOutput.print(await secrets.list(ListSecretsRequest(project: project), by: .owner), json: json)
        }
    }
}
