import Sodium
import Testing
import Vault

@testable import SecretsServer

/// When a token was last used is noted beside the requests that use it.
@Suite("Uses of tokens") struct TokenUsesTests {
    private static let owner = Actor.user("tester")

    private func token(in vault: Vault) async throws -> Token {
        try #require(try await vault.tokens().first)
    }

    @Test("a use is noted once an hour")
    func hourly() async throws {
        let server = try await InMemoryServer()
        let uses = TokenUses(vault: server.vault)
        for (now, isNoted) in [(7_200, true), (7_201, false), (10_799, false), (10_800, true)] as [(Int64, Bool)] {
            let noting = uses.note(try await token(in: server.vault), at: now)
            #expect((noting != nil) == isNoted)
            if let noting { #expect(await noting.value) }
        }
        #expect(try await token(in: server.vault).details.lastUsedAt == 10_800)
    }

    @Test("of many uses at once, one is noted")
    func together() async throws {
        let server = try await InMemoryServer()
        let uses = TokenUses(vault: server.vault)
        let token = try await token(in: server.vault)
        // While the vault is kept busy, so that none is done before the others come.
        let notings = await server.vault.holding { (0..<100).compactMap { _ in uses.note(token, at: 7_200) } }
        #expect(notings.count == 1)
        #expect(await notings[0].value)
    }

    @Test("what could not be noted is tried again a minute later, and not before")
    func failure() async throws {
        let server = try await InMemoryServer()
        let uses = TokenUses(vault: server.vault)
        let token = Token(
            id: Identifier(random: .system),
            details: TokenDetails(
                kind: .jwt, access: .read, name: "late", projects: [], createdAt: 0, expiresAt: .max))
        #expect(await uses.note(token, at: 7_200)?.value == false)
        try await server.vault.addToken(token, by: Self.owner, now: 7_200)
        #expect(uses.note(token, at: 7_259) == nil)
        #expect(await uses.note(token, at: 7_260)?.value == true)
        #expect(try await server.vault.token(token.id).details.lastUsedAt == 7_200)
    }
}

extension Vault {
    /// Runs `body` where the vault works, so that it does nothing else meanwhile.
    fileprivate func holding<R: Sendable>(_ body: @Sendable () -> R) -> R { body() }
}
