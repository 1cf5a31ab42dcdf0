import Sodium
import Testing

@testable import Vault

/// Genuine columns in the wrong place, or of the wrong time.
@Suite struct SwappingTests {
    private let folder = Folder()

    @Test(
        "a row swapped in from another secret does not open",
        arguments: [
            ["sealed_metadata"], ["name_tag"], ["sealed_metadata", "name_tag"], ["sealed_metadata", "sealed_value"],
            ["name_tag", "sealed_value"],
            ["name_tag", "sealed_metadata", "sealed_value", "metadata_revision", "value_revision"],
        ])
    func rows(columns: [String]) async throws {
        let vault = try await folder.newVault()
        let ids = [try await vault.add("FIRST", "first"), try await vault.add("SECOND", "second")]
        try swap(columns)
        for id in ids {
            await #expect(throws: VaultError.damaged(.secret(id))) { try await vault.metadata(of: id) }
            await #expect(throws: VaultError.damaged(.secret(id))) { _ = try await vault.reveal(id) }
        }
    }

    @Test("a value swapped in from another secret does not open")
    func values() async throws {
        let vault = try await folder.newVault()
        let ids = [try await vault.add("FIRST", "first"), try await vault.add("SECOND", "second")]
        try swap(["sealed_value"])
        for id in ids {
            await #expect(throws: VaultError.damaged(.secret(id))) { _ = try await vault.reveal(id) }
        }
        try swap(["sealed_value"])
        #expect(try await vault.text(of: ids[0]) == "first")
    }

    @Test("two secrets whose ids were swapped do not open")
    func ids() async throws {
        let vault = try await folder.newVault()
        let ids = [try await vault.add("FIRST", "first"), try await vault.add("SECOND", "second")]
        try swap(["secret_id"])
        for id in ids {
            await #expect(throws: VaultError.damaged(.secret(id))) { _ = try await vault.reveal(id) }
        }
    }

    @Test("a value from before a rotation is refused", arguments: ["sealed_value", "sealed_value, value_revision"])
    func olderValue(columns: String) async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "old")
        try folder.tamper("CREATE TABLE kept AS SELECT * FROM secrets")
        _ = try await vault.rotate(id, to: "new")
        #expect(try await vault.text(of: id) == "new")
        try folder.tamper("UPDATE secrets SET (\(columns)) = (SELECT \(columns) FROM kept)")
        await #expect(throws: VaultError.damaged(.secret(id))) { _ = try await vault.reveal(id) }
    }

    @Test("metadata from before a change are refused", arguments: ["sealed_metadata", "metadata_revision"])
    func olderMetadata(columns: String) async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        try folder.tamper("CREATE TABLE kept AS SELECT * FROM secrets")
        _ = try await vault.updateMetadata(of: id, defaultAvailable: true, now: 9)
        try folder.tamper("UPDATE secrets SET (\(columns)) = (SELECT \(columns) FROM kept)")
        await #expect(throws: VaultError.damaged(.secret(id))) { try await vault.metadata(of: id) }
    }

    @Test("metadata from before a rotation are refused together with the value from after it")
    func olderMetadataWithNewerValue() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "old")
        try folder.tamper("CREATE TABLE kept AS SELECT * FROM secrets")
        _ = try await vault.rotate(id, to: "new")
        let columns = "sealed_metadata, metadata_revision, value_revision"
        try folder.tamper("UPDATE secrets SET (\(columns)) = (SELECT \(columns) FROM kept)")
        await #expect(throws: VaultError.damaged(.secret(id))) { _ = try await vault.reveal(id) }
    }

    /// Exchanges `columns` between the two secrets that there are.
    private func swap(_ columns: [String]) throws {
        let list = columns.joined(separator: ", ")
        // By way of other tags and ids, because both must be unique all along.
        try folder.tamper(
            """
            CREATE TEMP TABLE kept AS SELECT * FROM secrets;
            UPDATE secrets SET name_tag = randomblob(32), secret_id = randomblob(16);
            UPDATE secrets SET (name_tag, secret_id, \(list)) = (
                SELECT own.name_tag, own.secret_id, \(columns.map { "other." + $0 }.joined(separator: ", "))
                FROM kept own, kept other WHERE own.sequence = secrets.sequence AND other.sequence <> secrets.sequence)
            """)
    }
}
