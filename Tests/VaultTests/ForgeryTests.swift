import Sodium
import Testing

@testable import Vault

/// Files that no program would write: refused, rather than trusted or stumbled over.
@Suite struct ForgeryTests {
    private let folder = Folder()

    /// Rebuilds `table` without the types and checks of the schema, so that any column takes any value.
    private func loosen(_ table: String) throws {
        try folder.tamper(
            "CREATE TABLE loose AS SELECT * FROM \(table); DROP TABLE \(table); ALTER TABLE loose RENAME TO \(table)")
    }

    @Test(
        "a key slot with columns of other types is refused",
        arguments: ["slot", "kind", "operations", "memory", "salt", "wrapped_root_key"], ["NULL", "x'ff'", "'text'"])
    func slotTypes(column: String, value: String) async throws {
        try await folder.placeVault()
        // Opened before, because opening refuses the schema alone.
        let vault = try await Vault.open(at: folder.vaultPath)
        try loosen("key_slots")
        try folder.tamper("UPDATE key_slots SET \(column) = \(value)")
        await #expect(throws: VaultError.damaged(.keySlot)) {
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        }
    }

    @Test(
        "a file with more, less or other than the schema is refused when it is opened",
        arguments: [
            "CREATE TRIGGER planted AFTER INSERT ON secrets BEGIN DELETE FROM secrets; END",
            "CREATE VIEW planted AS SELECT 1", "CREATE TABLE planted (a)", "CREATE INDEX planted ON tokens (sequence)",
            "DROP INDEX secrets_in_order", "ALTER TABLE tokens RENAME TO planted",
            "DROP TABLE key_slots; CREATE VIEW key_slots AS SELECT 1 AS slot",
        ])
    func schema(sql: String) async throws {
        try await folder.placeVault()
        try folder.tamper(sql)
        await #expect(throws: VaultError.damaged(.file)) { try await Vault.open(at: folder.vaultPath) }
    }

    @Test(
        "a secret with columns of other types is not revealed",
        arguments: [
            "sequence", "secret_id", "scope_id", "name_tag", "metadata_revision", "value_revision", "sealed_metadata",
            "sealed_value",
        ], ["NULL", "x'ff'", "'text'", "-1.5"])
    func secretTypes(column: String, value: String) async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        try loosen("secrets")
        try folder.tamper("UPDATE secrets SET \(column) = \(value)")
        await #expect(throws: VaultError.self) { _ = try await vault.reveal(id) }
    }
}
