import Sodium
import Testing

@testable import Vault

/// Columns of a secret's row changed without the key: refused when touched, and nothing written over them.
@Suite struct TamperingTests {
    private let folder = Folder()

    /// What every call that touches the secret `id` of the personal scope answers.
    private func expectDamage(_ id: Identifier, in vault: Vault, by calls: [Call] = Call.allCases) async throws {
        let before = try folder.rows(of: "secrets")
        for call in calls {
            await #expect(throws: VaultError.damaged(.secret(id)), "\(call)") { try await call.make(id, vault) }
        }
        #expect(try folder.rows(of: "secrets") == before)
    }

    private enum Call: CaseIterable {
        case metadata, list, reveal, update, rotate

        func make(_ id: Identifier, _ vault: Vault) async throws {
            switch self {
            case .metadata: _ = try await vault.metadata(of: id)
            case .list: _ = try await vault.secrets(project: nil)
            case .reveal: _ = try await vault.reveal(id)
            case .update: _ = try await vault.updateMetadata(of: id, defaultAvailable: true, now: 9)
            case .rotate: _ = try await vault.rotate(id, to: "new")
            }
        }
    }

    @Test(
        "a changed column of a secret is refused by every call that touches it",
        arguments: [
            "sequence = sequence + 1", "secret_id = flip(secret_id)", "name_tag = flip(name_tag)", "name_tag = x''",
            "metadata_revision = metadata_revision + 1", "metadata_revision = -1",
            "value_revision = value_revision + 1", "value_revision = 0",
            "sealed_metadata = flip(sealed_metadata)", "sealed_metadata = x''",
            "sealed_metadata = substr(sealed_metadata, 1, 39)", "sealed_metadata = sealed_value",
            "sealed_metadata = zeroblob(104)",
        ])
    func columns(change: String) async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("NAME")
        try folder.tamper("UPDATE secrets SET " + change)
        try await expectDamage(try folder.identifier("SELECT secret_id FROM secrets"), in: vault)
    }

    @Test(
        "a changed value is refused when it is revealed; the metadata do not suffer",
        arguments: ["flip(sealed_value)", "x''", "zeroblob(40)", "substr(sealed_value, 2)", "sealed_metadata"])
    func value(change: String) async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        try folder.tamper("UPDATE secrets SET sealed_value = " + change)
        try await expectDamage(id, in: vault, by: [.reveal])
        #expect(try await vault.names() == ["NAME"])
        _ = try await vault.rotate(id, to: "whole again")
        #expect(try await vault.text(of: id) == "whole again")
    }

    @Test("a damaged secret can still be deleted")
    func deletion() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        try folder.tamper("UPDATE secrets SET sealed_metadata = x''")
        try await vault.deleteSecret(id)
        #expect(try await vault.names() == [])
    }

    @Test("a secret moved to another scope is refused there")
    func movedRow() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let id = try await vault.add("NAME", project: project)
        try folder.tamper("UPDATE secrets SET scope_id = (SELECT vault_id FROM vault)")
        try await expectDamage(id, in: vault)
    }

    @Test("a secret moved to another scope together with the scope's key is refused there")
    func movedRowAndKey() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let id = try await vault.add("NAME", project: project)
        try folder.tamper(
            """
            UPDATE secrets SET scope_id = (SELECT vault_id FROM vault);
            UPDATE scopes SET wrapped_scope_key = (SELECT c.wrapped_scope_key FROM scopes c WHERE c.sequence = 2)
            """)
        await #expect(throws: VaultError.damaged(.scope(vault.id))) { _ = try await vault.reveal(id) }
    }

    @Test("another vault's row is refused, though both have the passphrase in common")
    func otherVault() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("NAME", "mine")
        let elsewhere = Folder()
        try await elsewhere.createVault()
        let other = try await elsewhere.openVault()
        let id = try await other.add("NAME", "theirs")
        try folder.tamper(
            """
            ATTACH '\(elsewhere.vaultPath)' AS other;
            DELETE FROM main.secrets;
            INSERT INTO main.secrets SELECT * FROM other.secrets;
            UPDATE main.secrets SET scope_id = (SELECT vault_id FROM main.vault)
            """)
        try await expectDamage(id, in: vault)
    }
}
