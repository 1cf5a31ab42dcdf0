import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import SecretsAPI
import Sodium
import Vault

@testable import SecretsServer

/// A server on a vault of its own, asked without a socket.
final class InMemoryServer: Sendable {
    let vault: Vault
    private let path: String
    private let server: Server
    private let token: String

    init(_ limits: ServerLimits = ServerLimits()) async throws {
        path = FileManager.default.temporaryDirectory.appending(path: "coffer-\(UUID())").path
        let passphrase = SecureBytes(copying: "a passphrase".utf8)
        try await Vault.create(at: path + "/vault", passphrase: passphrase, cost: .lowest, by: .user("tester"), now: 0)
        vault = try await Vault.open(at: path + "/vault")
        try await vault.unlock(passphrase: passphrase)
        let details = TokenDetails(
            kind: .jwt, access: .readWrite, name: "test", projects: [], createdAt: 0, expiresAt: 100)
        token = try await TokenIssuer(vault: vault, owner: .user("tester")).issue(details)
        server = Server(
            Secrets(vault: vault, owner: .user("tester"), now: { 1 }), logger: Logger(label: "test"),
            limits: limits)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The answer to one request, with a good token unless told another.
    func answer(
        _ method: String, _ path: String, _ body: String = "", token: String? = nil
    ) async throws -> Answer {
        var request = HTTPRequest(method: .init(method)!, scheme: "http", authority: "localhost", path: path)
        request.headerFields[.authorization] = "Bearer \(token ?? self.token)"
        request.headerFields[.contentType] = "application/json"
        let context = APIRequestContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
        let response = try await server.responder().respond(
            to: Request(head: request, body: .init(buffer: ByteBuffer(string: body))), context: context)
        let collector = Collector()
        try await response.body.write(collector)
        return Answer(
            status: response.status.code, retryAfter: response.headers[.retryAfter], body: collector.text)
    }

    /// What a test looks at of a response.
    struct Answer {
        let status: Int
        let retryAfter: String?
        let body: String
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
