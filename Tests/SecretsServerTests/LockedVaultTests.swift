import Testing
import Vault

@Suite("A server whose vault is locked")
struct LockedVaultTests {
    @Test("answers 423 to who has a token, and still says that it is well")
    func locked() async throws {
        let server = try await InMemoryServer()
        #expect(try await server.answer("GET", "/api/v1/secrets").status == 200)

        await server.vault.lock()
        let answer = try await server.answer("GET", "/api/v1/secrets")
        #expect(answer.status == 423)
        #expect(answer.body.contains("urn:coffer:problem:locked"))
        #expect(try await server.answer("GET", "/healthz").status == 200)
    }
}
