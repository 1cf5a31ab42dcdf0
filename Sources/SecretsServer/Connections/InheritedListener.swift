internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOPosix
internal import ServiceLifecycle

/// Serves on a socket that is there already, as Hummingbird's own server does on one that it binds.
struct InheritedListener: Service {
    let descriptor: Int32
    let limits: ServerLimits
    let connections: Connections
    let responder: RouterResponder<APIRequestContext>
    let logger: Logger
    /// Called once connections are accepted.
    let listening: @Sendable () -> Void

    func run() async throws {
        let channel = GuardedChannel(limits, connections: connections, responder: answer)
        let group = MultiThreadedEventLoopGroup.singleton
        // Tells the connections there are to end once they have answered.
        let quiescing = ServerQuiescingHelper(group: group)
        let (limits, logger) = (limits, logger)
        let server = try await ServerBootstrap(group: group)
            .serverChannelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    let pipeline = server.pipeline.syncOperations
                    try pipeline.addHandler(
                        AvailableConnectionsChannelHandler(
                            delegate: MaximumAvailableConnections(limits.connections, logger: logger)))
                    try pipeline.addHandler(quiescing.makeServerChannelHandler(channel: server))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { channel.setup(channel: $0, logger: logger) }
        try await withGracefulShutdownHandler {
            listening()
            try await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { inbound in
                    for try await connection in inbound {
                        group.addTask { await channel.handle(value: connection, logger: logger) }
                    }
                }
            }
        } onGracefulShutdown: {
            quiescing.initiateShutdown(promise: nil)
        }
    }

    @Sendable private func answer(
        _ request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
    ) async throws {
        let context = APIRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        var response = try await responder.respond(to: request, context: context)
        response.headers[.date] = Self.date()
        try await writer.write(response: response.head, body: response.body)
    }

    /// The time as HTTP has it (RFC 9110, 5.6.7).
    private static func date() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
