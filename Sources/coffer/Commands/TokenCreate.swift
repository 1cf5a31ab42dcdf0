internal import ArgumentParser
internal import SecretsAPI
internal import SecretsServer
internal import Vault

/// `coffer token create`.
struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
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
    var name: String

    @Flag(help: "Let it change nothing.")
    var readOnly = false

    @Option(
        name: .customLong("project"),
        help: ArgumentHelp("Limit it to this project, by name or id; repeatable.", valueName: "project"))
    var projects: [String] = []

    @Option(help: ArgumentHelp("When it ends: 90s, 15m, 12h, 30d.", valueName: "time"))
    var expires: Lifetime = Lifetime(seconds: 30 * 86_400)

    @Flag(help: "Make it a key for the X-Api-Key header rather than a bearer token.")
    var apiKey = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            var ids: [Identifier] = []
            for project in projects { ids.append(try await ProjectReference.resolve(project, in: secrets).id) }
            guard try await !secrets.vault.tokens().contains(where: { $0.details.name == name }) else {
                throw Failure(
                    .exists, "a token of this name exists already",
                    hint: "'coffer token revoke NAME' ends it; another name adds another token")
            }
            let now = Clock.now()
            let details = TokenDetails(
                kind: apiKey ? .apiKey : .jwt, access: readOnly ? .read : .readWrite, name: name, projects: ids,
                createdAt: now, expiresAt: now + expires.seconds)
            try Output.line(await TokenIssuer(vault: secrets.vault).issue(details))
        }
    }
}

/// A span of time as people write it: a number and `s`, `m`, `h` or `d`, at most ten years.
struct Lifetime: ExpressibleByArgument, Equatable {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    private static let longest: Int64 = 3650 * 86_400

    /// The span in seconds.
    let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        guard let unit = argument.last.flatMap({ Self.units[$0] }), let count = Int64(argument.dropLast()), count > 0
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, seconds <= Self.longest else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { "\(seconds / 86_400)d" }
}
