internal import ArgumentParser
internal import Glibc
internal import Logging
internal import SecretsAPI
internal import SecretsServer

/// `coffer serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the hosted secrets API on this machine alone.",
        discussion: """
            Prints where it listens, then logs a line a request on standard error: method, path, status, time and \
            token name. Ends on SIGINT or SIGTERM when it has answered what was asked. Clients need a token: see \
            'coffer token create'. What there is to ask is at /openapi.json.

            EXAMPLE:
              coffer serve
              coffer serve --port 0
              coffer serve --socket $XDG_RUNTIME_DIR/coffer.sock
            """)

    @Option(help: ArgumentHelp("The loopback name or address to listen on.", valueName: "host"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The port to listen on; 0 takes a free one.", valueName: "port"))
    var port = 8080

    @Option(help: ArgumentHelp("Listen on this Unix socket, which only you can open, instead.", valueName: "path"))
    var socket: String?

    @OptionGroup var options: VaultOptions

    func validate() throws {
        guard Loopback.isLoopback(host) else {
            throw ValidationError("--host is not loopback: Coffer serves this machine alone")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is not 0 to 65535") }
        // sockaddr_un holds 108 bytes, the last of them zero.
        if let socket, !(1...107).contains(socket.utf8.count) {
            throw ValidationError("--socket is empty or longer than 107 bytes")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        try await options.withSecrets { secrets in
            let server = try await Server(secrets, now: Clock.now, logger: Logger(label: "coffer"))
            let address: Server.Address =
                socket.map { .socket(path: $0) } ?? .loopback(host: host, port: port)
            if let socket, UnixSocket.isServed(socket) {
                throw Failure(
                    .inputOutput, "cannot listen there: another server does",
                    hint: "end it, or name another path with --socket")
            }
            do {
                try await server.run(at: address) { address in
                    Output.write(Array("listening on \(address)\n".utf8), to: STDOUT_FILENO)
                }
            } catch {
                throw Failure(
                    .inputOutput, "cannot listen there",
                    hint: "another program may: --port 0 takes a free port, --socket a path of yours")
            }
        }
    }
}
