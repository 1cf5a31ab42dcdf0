import Sodium
import Testing

@testable import Vault

@Suite struct TokenTests {
    private let folder = Folder()

    @Test("tokens are what they were created as, in order, at once and after reopening")
    func adding() async throws {
        let vault = try await folder.newVault()
        let projects = [try await vault.addProject(), try await vault.addProject()]
        let tokens = [
            Token("everything"), Token("some", projects: projects),
            Token(
                id: Identifier(random: .system),
                details: TokenDetails(
                    kind: .apiKey, access: .read, name: "key 🔑", projects: [], createdAt: 1, expiresAt: .max)),
        ]
        for token in tokens { try await vault.addToken(token) }
        for vault in [vault, try await folder.openVault()] {
            #expect(try await vault.tokens() == tokens)
            for token in tokens { #expect(try await vault.token(token.id) == token) }
        }
    }

    @Test("a revoked token lets nobody in, and is kept to be listed; others stay as they were")
    func revoking() async throws {
        let vault = try await folder.newVault()
        let tokens = [Token("first"), Token("second")]
        for token in tokens { try await vault.addToken(token) }
        try await vault.revokeToken(tokens[0].id)
        #expect(try await vault.tokens() == [tokens[1]])
        await #expect(throws: VaultError.noSuchToken) { try await vault.token(tokens[0].id) }
        await #expect(throws: VaultError.noSuchToken) { try await vault.revokeToken(tokens[0].id) }
        let kept = try await vault.tokens(revoked: true)
        var details = tokens[0].details
        details.revokedAt = 5_000
        #expect(kept == [Token(id: tokens[0].id, details: details), tokens[1]])
        #expect(!details.isGood(at: 0))
    }

    @Test("a token cannot be limited to what is no project")
    func unknownProject() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        for wrong in [vault.id, Identifier(random: .system)] {
            await #expect(throws: VaultError.noSuchProject) {
                try await vault.addToken(Token("token", projects: [project, wrong]))
            }
        }
        #expect(try await vault.tokens() == [])
    }

    @Test("a token limited to a project that was deleted stays limited to it")
    func deletedProject() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let token = Token("token", projects: [project])
        try await vault.addToken(token)
        try await vault.deleteProject(project)
        #expect(try await vault.token(token.id).details.projects == [project])
    }

    @Test("the signing key has 32 bytes, stays the same, and is no other vault's")
    func signingKey() async throws {
        let vault = try await folder.newVault()
        let key = try await vault.tokenSigningKey().array
        #expect(key.count == 32)
        #expect(try await folder.openVault().tokenSigningKey().array == key)
        let elsewhere = Folder()
        try await elsewhere.createVault()
        #expect(try await elsewhere.openVault().tokenSigningKey().array != key)
    }

    @Test("an API key has one id per vault, and no two keys share one")
    func apiKeys() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.tokenID(ofAPIKey: "coffer_sk_a")
        #expect(try await folder.openVault().tokenID(ofAPIKey: "coffer_sk_a") == id)
        #expect(try await vault.tokenID(ofAPIKey: "coffer_sk_b") != id)
        let elsewhere = Folder()
        try await elsewhere.createVault()
        #expect(try await elsewhere.openVault().tokenID(ofAPIKey: "coffer_sk_a") != id)
    }
}
