internal import ArgumentParser

/// `coffer token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Create, list and revoke the tokens that the API asks for.",
        discussion: """
            EXAMPLE:
              coffer token create --name ci --read-only --expires 12h
              coffer token revoke ci
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self])
}
