import SecretsAPI
import Testing
import Vault

@testable import SecretsServer

@Suite("Too many values at once")
struct AdmissionTests {
    private let secret = #"{"name":"NAME","value":"canary-5e7a91"}"#

    private func limits(values: Int) -> ServerLimits {
        var limits = ServerLimits()
        limits.values = values
        return limits
    }

    @Test("are turned away with 429 and a time to wait, and nothing is stored")
    func refused() async throws {
        let server = try await InMemoryServer(limits(values: 0))
        let answer = try await server.answer("POST", "/api/v1/secrets", secret)
        #expect(answer.status == 429)
        #expect(answer.retryAfter == "1")
        #expect(answer.body.contains("urn:coffer:problem:too-many-requests"))
        #expect(!answer.body.contains("canary"))
        #expect(try await server.vault.secrets(project: nil).secrets.isEmpty)
    }

    @Test("do not count once they are answered, well or not")
    func released() async throws {
        let server = try await InMemoryServer(limits(values: 1))
        #expect(try await server.answer("POST", "/api/v1/secrets", secret).status == 201)
        #expect(try await server.answer("POST", "/api/v1/secrets", secret).status == 409)
        #expect(try await server.answer("POST", "/api/v1/secrets", "{").status == 400)
        let other = #"{"name":"OTHER","value":"value"}"#
        #expect(try await server.answer("POST", "/api/v1/secrets", other).status == 201)
    }

    @Test("the one beyond the limit is refused while the others are under way")
    func concurrent() async throws {
        let admission = Admission(limit: 1)
        try await admission.admit {
            await #expect(throws: Problem.tooManyRequests) { try await admission.admit {} }
        }
        // Does not throw, now that the first is done.
        try await admission.admit {}
    }
}
