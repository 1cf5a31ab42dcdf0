import Foundation
import NIOCore
import NIOEmbedded
import Testing

@testable import SecretsServer

@Suite("Bad tokens")
struct ThrottleTests {
    @Test("are answered with 401, and too many of them with 429 and a time to wait")
    func refused() async throws {
        let server = try await InMemoryServer(limits(failures: 2))
        for _ in 0..<2 {
            #expect(try await server.answer("GET", "/api/v1/secrets", token: "canary-5e7a91").status == 401)
        }
        let answer = try await server.answer("GET", "/api/v1/secrets", token: "canary-5e7a91")
        #expect(answer.status == 429)
        #expect(answer.retryAfter == "1")
        #expect(answer.body.contains("urn:coffer:problem:too-many-requests"))
        #expect(!answer.body.contains("canary"))
    }

    @Test("do not keep a good one out, however many there were")
    func goodToken() async throws {
        let server = try await InMemoryServer(limits(failures: 0))
        #expect(try await server.answer("GET", "/api/v1/secrets", token: "bad").status == 429)
        #expect(try await server.answer("GET", "/api/v1/secrets").status == 200)
    }

    @Test("are answered late beyond the limit, and good ones meanwhile")
    func delayed() async throws {
        var limits = limits(failures: 0)
        limits.failureDelay = .seconds(3600)
        let server = try await InMemoryServer(limits)
        let bad = Task { try await server.answer("GET", "/api/v1/secrets", token: "bad") }
        #expect(try await server.answer("GET", "/api/v1/secrets").status == 200)
        // Ends the hour.
        bad.cancel()
        #expect(try await bad.value.status == 429)
    }

    @Test("of one connection to a Unix socket do not count for another")
    func connections() throws {
        let connections = Connections(limits(failures: 1))
        let path = try SocketAddress(unixDomainSocketPath: "/tmp/socket")
        let channels = (0..<2).map { _ in
            let channel = EmbeddedChannel()
            channel.localAddress = path
            connections.opened(channel)
            return channel
        }
        #expect(connections.failed(on: channels[0]))
        #expect(!connections.failed(on: channels[0]))
        #expect(connections.failed(on: channels[1]))
    }

    @Test("of all addresses of this machine count together")
    func addresses() throws {
        let connections = Connections(limits(failures: 1))
        let answered = try ["127.0.0.1", "127.1.2.3", "::1"].map { address in
            let channel = EmbeddedChannel()
            channel.localAddress = try SocketAddress(ipAddress: "127.0.0.1", port: 8080)
            channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
            connections.opened(channel)
            return connections.failed(on: channel)
        }
        #expect(answered == [true, false, false])
    }

    @Test("are answered at once again as time passes, never more of them than at first")
    func budget() {
        var limits = limits(failures: 3)
        limits.failuresPerSecond = 2
        var budget = FailureBudget(limits)
        let start = ContinuousClock.now
        func spend(_ count: Int, after time: Duration) -> [Bool] {
            (0..<count).map { _ in budget.spend(at: start + time) }
        }
        #expect(spend(4, after: .zero) == [true, true, true, false])
        #expect(spend(2, after: .milliseconds(500)) == [true, false])
        #expect(spend(4, after: .seconds(3600)) == [true, true, true, false])
    }

    private func limits(failures: Int) -> ServerLimits {
        var limits = ServerLimits()
        limits.failures = failures
        limits.failuresPerSecond = 0
        limits.failureDelay = .zero
        return limits
    }
}
