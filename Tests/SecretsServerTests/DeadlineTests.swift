import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SecretsServer

@Suite("A connection")
struct DeadlineTests {
    @Test("that sends nothing is closed without a word")
    func silent() throws {
        let connection = try Connection()
        connection.pass(.seconds(9))
        #expect(connection.isOpen)
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
        #expect(connection.sent.isEmpty)
    }

    @Test("whose head comes a byte a second is answered 408 after ten, and closed")
    func slowHead() throws {
        let connection = try Connection()
        for letter in Self.head(length: 0).prefix(9) {
            try connection.receive(String(letter))
            connection.pass(.seconds(1))
        }
        #expect(connection.sent.isEmpty)
        connection.pass(.seconds(1))
        #expect(connection.sent.hasPrefix("HTTP/1.1 408 "))
        #expect(connection.sent.contains("application/problem+json"))
        #expect(connection.sent.contains("urn:coffer:problem:timeout"))
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test("whose body comes a byte a second is given up after ten, and closed once that is answered")
    func slowBody() throws {
        let connection = try Connection()
        try connection.receive(Self.head(length: 100))
        for _ in 0..<9 {
            connection.pass(.seconds(1))
            try connection.receive("x")
        }
        #expect(connection.failure == nil)
        connection.pass(.seconds(1))
        #expect(connection.failure is LateRequest)
        connection.answer()
        #expect(connection.isOpen, "the answer is to be read")
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test("may be silent after a request, and has the whole time for the next")
    func nextRequest() throws {
        let connection = try Connection()
        for _ in 0..<3 {
            try connection.receive(Self.head(length: 1) + "x")
            connection.answer()
            connection.pass(.seconds(59))
            try connection.receive("P")
            connection.pass(.seconds(9))
            #expect(connection.isOpen)
            try connection.receive(Self.head(length: 0).dropFirst())
            connection.answer()
        }
        try connection.receive("P")
        connection.pass(.seconds(10))
        #expect(connection.sent.contains("HTTP/1.1 408 "))
    }

    @Test("that waits for its answer is not cut off")
    func slowAnswer() throws {
        let connection = try Connection()
        try connection.receive(Self.head(length: 1) + "x")
        connection.pass(.hours(1))
        #expect(connection.isOpen && connection.failure == nil)
    }

    @Test("that waits for an answer while its next request is late gets no answer to that out of turn")
    func pipelined() throws {
        let connection = try Connection()
        try connection.receive(Self.head(length: 0))
        try connection.receive("P")
        connection.pass(.seconds(10))
        #expect(connection.sent.isEmpty)
        #expect(connection.failure is LateRequest)
        connection.answer()
        #expect(connection.sent.hasPrefix("HTTP/1.1 200 "))
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test("that sends a body without end is given up")
    func endlessBody() throws {
        let connection = try Connection()
        try connection.receive(Self.head(length: 1 << 40))
        let piece = String(repeating: "x", count: 1 << 20)
        for _ in 0..<8 { try connection.receive(piece) }
        #expect(connection.failure == nil)
        try connection.receive("x")
        #expect(connection.failure is LateRequest)
    }

    @Test("that leaves its answer unread is closed, and one that reads it is not")
    func unreadAnswer() throws {
        let connection = try Connection()
        try connection.receive(Self.head(length: 0))
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(.seconds(9))
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(.seconds(9))
        #expect(connection.isOpen)
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(.seconds(10))
        #expect(!connection.isOpen)
    }

    @Test("has a second for the rest of its request, and for reading, once the server ends")
    func ending() throws {
        let slow = try Connection(), deaf = try Connection()
        try slow.receive(Self.head(length: 100))
        try deaf.receive(Self.head(length: 0))
        deaf.channel.isWritable = false
        for connection in [slow, deaf] {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            connection.pass(.milliseconds(999))
        }
        #expect(slow.failure == nil && deaf.isOpen)
        for connection in [slow, deaf] { connection.pass(.milliseconds(1)) }
        #expect(slow.failure is LateRequest && !deaf.isOpen)
    }

    @Test("that is not HTTP is closed once it was told so")
    func notHTTP() throws {
        let connection = try Connection()
        try connection.receive("canary\r\n\r\n")
        #expect(connection.failure is HTTPParserError)
        connection.answer()
        connection.pass(.seconds(1))
        #expect(!connection.isOpen)
    }

    private static func head(length: Int) -> String {
        "POST /api/v1/secrets HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n"
    }
}

/// One connection without a socket, on a clock that the test moves.
private final class Connection {
    let channel = EmbeddedChannel()
    private let last = Last()

    init() throws {
        let pipeline = channel.pipeline.syncOperations
        let deadline = RequestDeadline(ServerLimits())
        let decoder = ByteToMessageHandler(HTTPRequestDecoder())
        try pipeline.addHandlers([FirstByte(deadline), HTTPResponseEncoder(), decoder, deadline, last])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    var isOpen: Bool { channel.isActive }
    var failure: (any Error)? { last.failure }

    func receive(_ text: some StringProtocol) throws {
        try channel.writeInbound(ByteBuffer(string: String(text)))
    }

    func answer() {
        last.answer()
    }

    func pass(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }

    /// All that was sent so far.
    var sent: String {
        while let bytes = try? channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    private var text = ""
}

/// What stands behind the handlers: answers, and remembers what it is told.
private final class Last: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    var context: ChannelHandlerContext?
    var failure: (any Error)?

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = error
    }

    func answer() {
        guard let context else { return }
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
