import Sodium
import Testing

@testable import Vault

/// Rows of keys, scopes and tokens changed without the key.
@Suite struct KeyTamperingTests {
    private let folder = Folder()

    private func expectUnlocking(_ error: VaultError) async throws {
        let vault = try await Vault.open(at: folder.vaultPath)
        await #expect(throws: error) { try await vault.unlock(passphrase: SecureBytes(Folder.passphrase)) }
        await #expect(throws: VaultError.locked) { try await vault.names() }
    }

    @Test(
        "a slot that was changed opens with no passphrase",
        arguments: [
            "slot = slot + 1", "kind = 'recovery'", "operations = operations + 1", "memory = memory + 1048576",
            "salt = flip(salt)", "wrapped_root_key = flip(wrapped_root_key)", "wrapped_root_key = zeroblob(72)",
        ])
    func slot(change: String) async throws {
        try await folder.placeVault()
        try folder.tamper("UPDATE key_slots SET " + change)
        try await expectUnlocking(.wrongPassphrase)
    }

    @Test(
        "a slot whose cost or sizes are out of bounds is refused before anything is derived",
        arguments: [
            "operations = 1", "operations = 17", "operations = -2", "operations = 9223372036854775807",
            "memory = 19922943", "memory = 2147483649", "memory = 0", "memory = -9223372036854775808",
            "salt = zeroblob(15)", "salt = zeroblob(17)", "salt = x''", "wrapped_root_key = x''",
            "wrapped_root_key = zeroblob(71)", "wrapped_root_key = zeroblob(73)", "kind = 'other'",
        ])
    func slotBounds(change: String) async throws {
        try await folder.placeVault()
        try folder.tamper("UPDATE key_slots SET " + change)
        try await expectUnlocking(.damaged(.keySlot))
    }

    @Test(
        "a vault without slots is refused, and so is one with more than could be tried in good time",
        arguments: [
            "DELETE FROM key_slots",
            """
            WITH RECURSIVE n(i) AS (VALUES(2) UNION ALL SELECT i + 1 FROM n WHERE i < 17)
            INSERT INTO key_slots SELECT i, kind, operations, memory, salt, wrapped_root_key FROM key_slots, n
            """,
        ])
    func slotCount(sql: String) async throws {
        try await folder.placeVault()
        try folder.tamper(sql)
        try await expectUnlocking(.damaged(.keySlot))
    }

    @Test("another vault's id opens with no passphrase")
    func vaultID() async throws {
        try await folder.placeVault()
        try folder.tamper("UPDATE vault SET vault_id = flip(vault_id)")
        try await expectUnlocking(.wrongPassphrase)
    }

    @Test(
        "a changed row of the personal scope, or none, keeps the vault locked",
        arguments: [
            "UPDATE scopes SET sequence = sequence + 1", "UPDATE scopes SET scope_id = flip(scope_id)",
            "UPDATE scopes SET revision = revision + 1",
            "UPDATE scopes SET wrapped_scope_key = flip(wrapped_scope_key)",
            "UPDATE scopes SET wrapped_scope_key = x''",
            "UPDATE scopes SET sealed_details = flip(sealed_details)", "UPDATE scopes SET sealed_details = x''",
            "DELETE FROM scopes",
        ])
    func personalScope(sql: String) async throws {
        try await folder.placeVault()
        let id = try await Vault.open(at: folder.vaultPath).id
        try folder.tamper(sql)
        try await expectUnlocking(.damaged(.scope(id)))
    }

    @Test(
        "a damaged slot does not keep a good one from opening",
        arguments: ["operations = 1", "wrapped_root_key = x''"])
    func damagedSlotBesideGoodOne(change: String) async throws {
        try await folder.placeVault()
        // Number 0 is tried before number 1.
        try folder.tamper(
            """
            INSERT INTO key_slots SELECT 0, kind, operations, memory, salt, wrapped_root_key FROM key_slots;
            UPDATE key_slots SET \(change) WHERE slot = 0
            """)
        let vault = try await Vault.open(at: folder.vaultPath)
        try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        #expect(try await vault.names() == [])
    }

    @Test(
        "a changed row of a project is refused when projects are listed",
        arguments: [
            "sequence = sequence + 1", "scope_id = flip(scope_id)", "revision = revision + 1",
            "wrapped_scope_key = flip(wrapped_scope_key)", "wrapped_scope_key = x''",
            "sealed_details = flip(sealed_details)", "sealed_details = x''",
            """
            (wrapped_scope_key, sealed_details) =
            (SELECT wrapped_scope_key, sealed_details FROM scopes WHERE sequence = 1)
            """,
        ])
    func project(change: String) async throws {
        let vault = try await folder.newVault()
        _ = try await vault.addProject()
        try folder.tamper("UPDATE scopes SET \(change) WHERE sequence = 2")
        let id = try folder.identifier("SELECT scope_id FROM scopes WHERE sequence > 1")
        await #expect(throws: VaultError.damaged(.scope(id))) { try await vault.projects() }
    }

    @Test(
        "a changed row of a token makes no token",
        arguments: [
            "sequence = sequence + 1", "token_id = flip(token_id)", "sealed_details = flip(sealed_details)",
            "sealed_details = x''", "sealed_details = (SELECT sealed_details FROM scopes)",
        ])
    func token(change: String) async throws {
        let vault = try await folder.newVault()
        try await vault.addToken(Token("token"))
        try folder.tamper("UPDATE tokens SET " + change)
        let id = try folder.identifier("SELECT token_id FROM tokens")
        await #expect(throws: VaultError.damaged(.token(id))) { try await vault.token(id) }
        await #expect(throws: VaultError.damaged(.token(id))) { try await vault.tokens() }
    }
}
