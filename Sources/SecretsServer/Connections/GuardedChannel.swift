internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// A connection that speaks HTTP/1.1 within ``ServerLimits``.
struct GuardedChannel: ServerChildChannel {
    private let http: HTTP1Channel
    private let limits: ServerLimits
    private let connections: Connections

    init(_ limits: ServerLimits, connections: Connections, responder: @escaping HTTPChannelHandler.Responder) {
        self.limits = limits
        self.connections = connections
        http = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: .seconds(limits.idle),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerByteCount, maxHeaderListSize: limits.headerByteCount,
                    maxHeaderFieldCount: limits.headerCount)))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let deadline = RequestDeadline(limits)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(deadline, position: .after(decoder))
            try pipeline.addHandler(FirstByte(deadline), position: .first)
            connections.opened(channel)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
            await http.handle(value: value, logger: logger)
        }
    }
}
