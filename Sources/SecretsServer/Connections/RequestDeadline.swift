internal import NIOCore
internal import NIOHTTP1

/// Ends connections whose request does not arrive in time, or whose answer is not read.
///
/// The time runs from a request's first byte to its last, so a client that sends a byte now and then gains nothing by it,
/// as it would with a limit on silence. A request that arrives at once, as nearly all do, costs no timer.
///
/// Stands behind the decoder, with ``FirstByte`` before it.
final class RequestDeadline: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What is to arrive next.
    private enum Stage {
        /// The first byte of a request, for which there is time.
        case request
        /// The rest of a request's head, or all of it on a new connection.
        case head
        /// The rest of its body.
        case body
        /// Nothing that anybody waits for: the connection is to end.
        case nothing
    }

    private let limits: ServerLimits
    private var stage = Stage.head
    private var hasBegun = false
    private var deadline: NIODeadline?
    private var bodyByteCount = 0
    private var unanswered = 0
    private var timer: Scheduled<Void>?
    private var departureTimer: Scheduled<Void>?

    init(_ limits: ServerLimits) {
        self.limits = limits
    }

    func channelActive(context: ChannelHandlerContext) {
        // A connection is opened to send a request.
        deadline = context.eventLoop.now + limits.arrival
        wait(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        departureTimer?.cancel()
        context.fireChannelInactive()
    }

    /// Called for all that arrives, before it is decoded.
    func bytesArrived(at now: NIODeadline) {
        hasBegun = true
        guard stage == .request else { return }
        stage = .head
        deadline = now + limits.arrival
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard stage != .nothing else { return }
        switch unwrapInboundIn(data) {
        case .head:
            stage = .body
            bodyByteCount = 0
            unanswered += 1
        case .body(let bytes):
            bodyByteCount += bytes.readableBytes
            guard bodyByteCount <= limits.discardedByteCount else { return giveUp(context) }
        case .end:
            stage = .request
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        wait(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // It was not HTTP. The answer to that is on its way, and nothing that follows is read.
        stage = .nothing
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        context.write(data, promise: promise)
        guard case .end = unwrapOutboundIn(data) else { return }
        unanswered -= 1
        if stage == .nothing, unanswered <= 0 { linger(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        waitForDeparture(context, limits.departure)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            // The server ends. What is under way has a moment, so that one slow client does not hold up that.
            deadline = deadline.map { min($0, context.eventLoop.now + limits.lingering) }
            if stage != .nothing {
                timer?.cancel()
                timer = nil
                wait(context)
            }
            waitForDeparture(context, limits.lingering)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func waitForDeparture(_ context: ChannelHandlerContext, _ time: TimeAmount) {
        departureTimer?.cancel()
        departureTimer = nil
        guard !context.channel.isWritable else { return }
        departureTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    private func wait(_ context: ChannelHandlerContext) {
        guard timer == nil, stage != .nothing, let deadline else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timeIsUp(context) }
    }

    private func timeIsUp(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline, stage != .nothing else { return }
        // That timer may have been an earlier request's.
        guard deadline <= context.eventLoop.now else { return wait(context) }
        switch stage {
        case .head where !hasBegun: context.close(promise: nil)
        case .head where unanswered == 0: refuse(context)
        default: giveUp(context)
        }
    }

    /// Answers a request of which not even the head has come. Nobody else answers it, and nothing else is on its way.
    private func refuse(_ context: ChannelHandlerContext) {
        stage = .nothing
        let answer = LateRequest.answer
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        linger(context)
    }

    /// Tells whoever waits for the rest of the request that it does not come.
    private func giveUp(_ context: ChannelHandlerContext) {
        stage = .nothing
        context.fireErrorCaught(LateRequest())
    }

    /// Ends the connection once there was time to read the answer: ending it with unread bytes would discard that.
    private func linger(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.lingering) { context.close(promise: nil) }
    }
}

/// Tells ``RequestDeadline`` that something arrives, before the decoder may hold it back.
final class FirstByte: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let deadline: RequestDeadline

    init(_ deadline: RequestDeadline) {
        self.deadline = deadline
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        deadline.bytesArrived(at: context.eventLoop.now)
        context.fireChannelRead(data)
    }
}
