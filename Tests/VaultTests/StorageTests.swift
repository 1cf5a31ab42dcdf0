import Foundation
import Sodium
import Testing

@testable import Vault

/// What is on disk, and when.
@Suite struct StorageTests {
    private let folder = Folder()

    @Test(
        "each connection is set up as the format asks",
        arguments: [
            ("synchronous", "2"), ("journal_mode", "wal"), ("secure_delete", "1"), ("foreign_keys", "1"),
            ("application_id", "1129268806"), ("user_version", "1"),
        ])
    func pragmas(name: String, expected: String) async throws {
        try await folder.placeVault()
        let vault = try await Vault.open(at: folder.vaultPath)
        #expect(try await vault.connection.pragma(name) == expected)
        // A second connection inherits nothing from the first.
        let other = try await Vault.open(at: folder.vaultPath)
        #expect(try await other.connection.pragma(name) == expected)
    }

    @Test("a file that was taken out of write-ahead logging is put back into it")
    func journalMode() async throws {
        try await folder.placeVault()
        try folder.tamper("PRAGMA journal_mode = DELETE")
        let vault = try await Vault.open(at: folder.vaultPath)
        #expect(try await vault.connection.pragma("journal_mode") == "wal")
        #expect(try await vault.connection.pragma("synchronous") == "2")
    }

    @Test("what SQLite made beside a vault that was read-only for a while may be written again when the vault may")
    func modes() async throws {
        try await folder.placeVault()
        let first = try await Vault.open(at: folder.vaultPath)
        _ = try await first.connection.pragma("user_version")
        let beside = ["-wal", "-shm"].map { folder.vaultPath + $0 }
        func set(_ modes: Int, on paths: [String]) throws {
            for path in paths {
                try FileManager.default.setAttributes([.posixPermissions: modes], ofItemAtPath: path)
            }
        }
        func modes() throws -> [Int?] {
            try beside.map { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
        }
        try set(0o400, on: beside)
        // While the vault itself may not be written, they stay as they are.
        try set(0o400, on: [folder.vaultPath])
        _ = try? await Vault.open(at: folder.vaultPath)
        #expect(try modes() == [0o400, 0o400])
        try set(0o600, on: [folder.vaultPath])
        _ = try await Vault.open(at: folder.vaultPath)
        #expect(try modes() == [0o600, 0o600])
        try await first.close()
    }

    @Test("the schema is, word for word, the one in docs/format.md")
    func schema() async throws {
        try await folder.placeVault()
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/format.md")
        let documented = try String(contentsOf: page, encoding: .utf8)
            .components(separatedBy: "```sql\n")[1].components(separatedBy: "```")[0]
            .components(separatedBy: ";").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        let stored = try folder.strings(
            "SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'")
        #expect(Set(stored) == Set(documented.filter { !$0.isEmpty }))
    }

    @Test("a write that was acknowledged is in the files, though nobody closed them")
    func durability() async throws {
        let vault = try await folder.newVault()
        let kept = try await vault.add("KEPT", "the value")
        let rotated = try await vault.add("ROTATED", "old")
        _ = try await vault.rotate(rotated, to: "new")
        let deleted = try await vault.add("DELETED")
        try await vault.deleteSecret(deleted)

        let copy = try folder.crashed()
        let reopened = try await copy.openVault()
        #expect(try await reopened.names() == ["KEPT", "ROTATED"])
        #expect(try await reopened.text(of: kept) == "the value")
        #expect(try await reopened.text(of: rotated) == "new")
    }

    @Test("a closed vault is one file")
    func closing() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "the value")
        try await vault.close()
        #expect(folder.siblings == ["vault.coffer"])
        #expect(try await folder.openVault().text(of: id) == "the value")
    }

    @Test("no name and no value stands in the files in the clear")
    func plaintext() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject("CANARYPROJECT")
        let id = try await vault.add("CANARYNAME", "CANARYVALUE", project: project)
        _ = try await vault.updateMetadata(of: id, name: "CANARYOTHER", now: 1)
        try await vault.addToken(Token("CANARYTOKEN", projects: [project]))
        for suffix in ["", "-wal", "-shm"] {
            let content = try #require(FileManager.default.contents(atPath: folder.vaultPath + suffix))
            #expect(content.range(of: Data("CANARY".utf8)) == nil)
        }
    }

    @Test("what was deleted is overwritten in the file, sealed as it was")
    func secureDeletion() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "the value")
        let sealed = Data(try folder.blobs("SELECT sealed_value FROM secrets")[0])
        try await vault.close()
        let before = try #require(FileManager.default.contents(atPath: folder.vaultPath))
        #expect(before.range(of: sealed) != nil)

        let again = try await folder.openVault()
        try await again.deleteSecret(id)
        try await again.close()
        let after = try #require(FileManager.default.contents(atPath: folder.vaultPath))
        #expect(after.range(of: sealed) == nil)
    }
}
