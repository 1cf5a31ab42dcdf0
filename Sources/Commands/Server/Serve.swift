package import ArgumentParser

/// `coffer serve`.
package struct Serve: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the hosted secrets API on this machine alone.",
        discussion: """
            Prints where it listens, then logs a line a request on standard error: method, path, status, time and \
            token name. Ends on SIGINT or SIGTERM when it has answered what was asked. Clients need a token: see \
            'coffer token create'. What there is to ask is at /openapi.json. 'coffer lock --server' locks the vault, \
            'coffer unlock --server' unlocks it again; in between requests are answered with 423.

            EXAMPLE:
              coffer serve
              coffer serve --port 0 --idle 15m
              coffer serve --socket $XDG_RUNTIME_DIR/coffer.sock
            """)

    @Option(help: ArgumentHelp("The loopback name or address to listen on.", valueName: "host"))
    package var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The port to listen on; 0 takes a free one.", valueName: "port"))
    package var port = 8080

    @Option(help: ArgumentHelp("Listen on this Unix socket, which only you can open, instead.", valueName: "path"))
    package var socket: String?

    @Option(help: ArgumentHelp("Lock the vault when no good token has come for this time.", valueName: "time"))
    package var idle: TimeSpan?

    @Flag(help: "Start locked, without a passphrase: 'coffer unlock --server' unlocks it.")
    package var locked = false

    @OptionGroup package var options: VaultOptions

    package init() {}

    package func validate() throws {
        guard !locked || !options.namesPassphrase else {
            throw ValidationError("--locked and a passphrase exclude each other")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is not 0 to 65535") }
        // sockaddr_un holds 108 bytes, the last of them zero.
        if let socket, !(1...107).contains(socket.utf8.count) {
            throw ValidationError("--socket is empty or longer than 107 bytes")
        }
    }

    package func run() async throws {
        try await ServerCommands.current.serve(self)
    }
}
