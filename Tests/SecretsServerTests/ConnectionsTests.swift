import NIOCore
import NIOEmbedded
import Testing

@testable import SecretsServer

@Suite("When there are nearly too many connections")
struct ConnectionsTests {
    @Test("the oldest that has shown no token makes room")
    func oldest() {
        let connections = Connections(limits)
        let channels = (0..<7).map { _ in open(connections) }
        #expect(!channels.map(\.isActive).contains(false))
        let newest = open(connections)
        #expect(channels.map(\.isActive) == [false, true, true, true, true, true, true])
        #expect(newest.isActive)
    }

    @Test("those that have shown a good token stay, and so does the one that comes")
    func trusted() {
        let connections = Connections(limits)
        let channels = (0..<7).map { _ in open(connections) }
        for channel in channels.prefix(3) { connections.trust(channel) }
        let others = (0..<10).map { _ in open(connections) }
        #expect(channels.map(\.isActive) == [true, true, true, false, false, false, false])
        #expect(others.map(\.isActive).suffix(4) == [true, true, true, true])
        #expect((channels + others).filter { $0.isActive }.count == 7)
    }

    @Test("none that has shown one is closed for another")
    func onlyTrusted() {
        let connections = Connections(limits)
        let channels = (0..<7).map { _ in open(connections) }
        for channel in channels { connections.trust(channel) }
        #expect(open(connections).isActive)
        #expect(!channels.map(\.isActive).contains(false))
    }

    @Test("those that were closed do not count")
    func closed() {
        let connections = Connections(limits)
        for _ in 0..<100 { open(connections).close(promise: nil) }
        let channels = (0..<7).map { _ in open(connections) }
        #expect(!channels.map(\.isActive).contains(false))
    }

    /// Eight, of which one is kept free.
    private var limits: ServerLimits {
        var limits = ServerLimits()
        limits.connections = 8
        return limits
    }

    private func open(_ connections: Connections) -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try? channel.connect(to: SocketAddress(unixDomainSocketPath: "/tmp/socket")).wait()
        connections.opened(channel)
        return channel
    }
}
