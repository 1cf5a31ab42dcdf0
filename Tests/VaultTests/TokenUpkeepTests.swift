import GRDB
import Sodium
import Testing

@testable import Vault

/// What is noted of tokens while they are used, and how long those that have ended are kept.
@Suite struct TokenUpkeepTests {
    private let folder = Folder()
    private static let day: Int64 = 86_400

    /// The kinds of the events that the log has, and the names that they are about.
    private func log(of vault: Vault) async throws -> [(Event.Kind, [String])] {
        try await vault.events(limit: 100).map { ($0.event.kind, $0.event.subjects.map(\.name)) }
    }

    @Test("the hour of a use is noted, once, and never an earlier one; the log does not have it")
    func uses() async throws {
        let vault = try await folder.newVault()
        let token = Token("used")
        try await vault.addToken(token)
        let before = try await log(of: vault).count
        for (now, noted) in [(7_300, 7_200), (10_799, 7_200), (10_800, 10_800), (7_300, 10_800)] as [(Int64, Int64)] {
            let epoch = try await vault.verify().epoch
            let isNew = try await vault.token(token.id).details.isUseNew(at: now)
            try await vault.noteUse(of: token.id, at: now)
            let details = try await vault.token(token.id).details
            #expect(details.lastUsedAt == noted)
            #expect(details.expiresAt == token.details.expiresAt)
            #expect(try await vault.verify().epoch == epoch + (isNew ? 1 : 0))
        }
        #expect(try await log(of: vault).count == before)
        #expect(try await vault.verify().isClean)
    }

    @Test("a use is not noted of a token that is not there")
    func unknown() async throws {
        let vault = try await folder.newVault()
        await #expect(throws: VaultError.noSuchToken) {
            try await vault.noteUse(of: Identifier(random: .system), at: 7_200)
        }
    }

    @Test("noting a use does not wait for another process that writes, and other writes still do")
    func busy() async throws {
        let vault = try await folder.newVault()
        let token = Token("used")
        try await vault.addToken(token)
        try await folder.whileLocked { () async throws in
            await #expect(throws: VaultError.storage(.busy)) { try await vault.noteUse(of: token.id, at: 7_200) }
            #expect(try await vault.connection.pragma("busy_timeout") == "10000")
        }
        try await vault.noteUse(of: token.id, at: 7_200)
        #expect(try await vault.token(token.id).details.lastUsedAt == 7_200)
    }

    @Test("a token that ended 30 days ago is removed by the next creation, revocation or start, and the log has it")
    func pruning() async throws {
        let end: Int64 = 9_000
        let acts: [@Sendable (Vault, Token, Int64) async throws -> Void] = [
            { vault, _, now in try await vault.addToken(Token("new", expiresAt: .max), by: .tester, now: now) },
            { vault, other, now in try await vault.revokeToken(other.id, by: .tester, now: now) },
            { vault, _, now in try await vault.pruneTokens(by: .tester, now: now) },
        ]
        for act in acts {
            let folder = Folder()
            let vault = try await folder.newVault()
            let tokens = [
                Token("expired"), Token("revoked"), Token("lasting", expiresAt: .max), Token("other", expiresAt: .max),
            ]
            for token in tokens { try await vault.addToken(token) }
            try await vault.revokeToken(tokens[1].id, by: .tester, now: end)
            try await act(vault, tokens[3], end + 30 * Self.day - 1)
            #expect(Set(try await vault.tokens(revoked: true).map(\.id)).isSuperset(of: tokens.map(\.id)))
            try await vault.pruneTokens(by: .tester, now: end + 30 * Self.day)
            let left = Set(try await vault.tokens(revoked: true).map(\.id))
            #expect(left.isDisjoint(with: tokens[..<2].map(\.id)) && left.isSuperset(of: tokens[2...].map(\.id)))
            let last = try #require(try await log(of: vault).last)
            #expect(last.0 == .tokensPruned && last.1 == ["expired", "revoked"])
            #expect(try await vault.verify().isClean)
        }
    }

    @Test("creating or revoking a token removes what ended long ago in the same transaction")
    func together() async throws {
        let vault = try await folder.newVault()
        let (old, older, lasting) = (Token("old"), Token("older"), Token("lasting", expiresAt: .max))
        for token in [old, older, lasting] { try await vault.addToken(token) }
        try await vault.revokeToken(older.id)
        let epoch = try await vault.verify().epoch
        try await vault.addToken(Token("new", expiresAt: .max), by: .tester, now: 5_000 + 30 * Self.day)
        #expect(try await vault.tokens(revoked: true).map(\.details.name) == ["old", "lasting", "new"])
        try await vault.revokeToken(lasting.id, by: .tester, now: 9_000 + 30 * Self.day)
        #expect(try await vault.tokens(revoked: true).map(\.details.name) == ["lasting", "new"])
        #expect(try await vault.verify().epoch == epoch + 2)
    }

    @Test("where no token ended long ago, nothing is written")
    func nothing() async throws {
        let vault = try await folder.newVault()
        try await vault.addToken(Token("young"))
        let epoch = try await vault.verify().epoch
        try await vault.pruneTokens(by: .tester, now: 9_000)
        #expect(try await vault.verify().epoch == epoch)
    }
}
