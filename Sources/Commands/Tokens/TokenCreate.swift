package import ArgumentParser

/// `coffer token create`.
package struct TokenCreate: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a token, and print it, once.",
        discussion: """
            Without --project the token covers everything; with it, these projects alone, and no personal secrets.

            EXAMPLE:
              coffer token create --name agent
              coffer token create --name ci --read-only --project web --expires 12h
              coffer token create --name scanner --api-key
            """)

    @Option(help: ArgumentHelp("A name, by which the log and 'revoke' know it.", valueName: "name"))
    package var name: String

    @Flag(help: "Let it change nothing.")
    package var readOnly = false

    @Option(
        name: .customLong("project"),
        help: ArgumentHelp("Limit it to this project, by name or id; repeatable.", valueName: "project"))
    package var projects: [String] = []

    @Option(help: ArgumentHelp("When it ends: 90s, 15m, 12h, 30d.", valueName: "time"))
    package var expires: TimeSpan = TimeSpan(seconds: 30 * 86_400)

    @Flag(help: "Make it a key for the X-Api-Key header rather than a bearer token.")
    package var apiKey = false

    @OptionGroup package var options: VaultOptions

    package init() {}

    package func run() async throws {
        try await ServerCommands.current.createToken(self)
    }
}
