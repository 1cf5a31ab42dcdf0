import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import SecretsAPI
import Sodium
import Testing
import Vault

@testable import SecretsServer

/// A server in memory, asked without a socket.
@Suite("A server whose vault is locked")
struct LockedVaultTests {
    private func answer(_ request: HTTPRequest, from server: Server) async throws -> (HTTPResponse.Status, String) {
        let context = APIRequestContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        let response = try await server.responder().respond(
            to: Request(head: request, body: .init(buffer: ByteBuffer())), context: context)
        let collector = Collector()
        try await response.body.write(collector)
        return (response.status, collector.text)
    }

    @Test("answers 423 to who has a token, and still says that it is well")
    func locked() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "coffer-\(UUID())/vault").path
        defer { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
        let passphrase = SecureBytes(copying: "a passphrase".utf8)
        try await Vault.create(at: path, passphrase: passphrase, cost: .lowest, now: 0)
        let vault = try await Vault.open(at: path)
        try await vault.unlock(passphrase: passphrase)
        let details = TokenDetails(
            kind: .jwt, access: .readWrite, name: "test", projects: [], createdAt: 0, expiresAt: 100)
        let token = try await TokenIssuer(vault: vault).issue(details)
        let server = try await Server(Secrets(vault: vault, now: { 1 }), now: { 1 }, logger: Logger(label: "test"))
        var request = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/api/v1/secrets")
        request.headerFields[.authorization] = "Bearer \(token)"
        #expect(try await answer(request, from: server).0 == .ok)

        await vault.lock()
        let (status, body) = try await answer(request, from: server)
        #expect(status.code == 423)
        #expect(body.contains("urn:coffer:problem:locked"))
        request.path = "/healthz"
        #expect(try await answer(request, from: server).0 == .ok)
        try await vault.close()
    }

    /// Keeps what a response writes.
    private final class Collector: ResponseBodyWriter {
        var text = ""

        func write(_ buffer: ByteBuffer) async throws {
            text += String(buffer: buffer)
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
