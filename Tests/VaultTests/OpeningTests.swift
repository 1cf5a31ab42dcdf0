import Foundation
import Sodium
import Testing

@testable import Vault

@Suite struct OpeningTests {
    private let folder = Folder()

    private var content: Data? { FileManager.default.contents(atPath: folder.vaultPath) }

    private func expectRefusal(_ error: VaultError) async {
        let before = content
        await #expect(throws: error) { try await Vault.open(at: folder.vaultPath) }
        #expect(content == before, "a file that is refused must not be changed")
        #expect(folder.siblings.filter { $0 != "vault.coffer" } == [], "nothing must be left beside it")
    }

    @Test("where nothing is, there is no vault, and none comes to be")
    func missing() async {
        await expectRefusal(.noVault)
        #expect(folder.siblings == [])
    }

    @Test("a folder is no vault")
    func directory() async throws {
        try FileManager.default.createDirectory(atPath: folder.vaultPath, withIntermediateDirectories: true)
        await expectRefusal(.notAVault(.notAFile))
    }

    @Test("text is no vault", arguments: ["hello\n", String(repeating: "SQLite format 2\0", count: 100)])
    func text(content: String) async throws {
        try folder.place(Data(content.utf8))
        await expectRefusal(.notAVault(.notSQLite))
    }

    @Test("an empty file, or one cut within its header, is a damaged vault", arguments: [0, 16, 99])
    func cutShort(count: Int) async throws {
        try await folder.placeVault()
        try folder.place(try #require(content).prefix(count))
        await expectRefusal(.damaged(.file))
    }

    @Test("a file cut behind its header is a damaged vault")
    func cutLater() async throws {
        try await folder.placeVault()
        try folder.place(try #require(content).prefix(4096))
        await expectRefusal(.damaged(.file))
    }

    @Test("another program's SQLite file is no vault")
    func foreign() async throws {
        try await folder.placeVault()
        try folder.tamper("PRAGMA application_id = 1; PRAGMA wal_checkpoint(TRUNCATE)")
        await expectRefusal(.notAVault(.foreign))
    }

    @Test("a newer schema is refused, with its number", arguments: [2, 1_000])
    func newerSchema(version: Int) async throws {
        try await folder.placeVault()
        try folder.tamper("PRAGMA user_version = \(version)")
        await expectRefusal(.newerSchema(version))
    }

    @Test("a newer schema is refused with its log left as it is, for the newer program to find")
    func newerSchemaInLog() async throws {
        let vault = try await folder.newVault()
        try folder.tamper("PRAGMA user_version = 2")
        let copy = try folder.crashed()
        let before = ["", "-wal"].map { FileManager.default.contents(atPath: copy.vaultPath + $0) }
        await #expect(throws: VaultError.newerSchema(2)) { try await Vault.open(at: copy.vaultPath) }
        #expect(["", "-wal"].map { FileManager.default.contents(atPath: copy.vaultPath + $0) } == before)
        try await vault.close()
    }

    @Test("a schema that no program ever wrote is damage", arguments: [0, -1])
    func impossibleSchema(version: Int) async throws {
        try await folder.placeVault()
        try folder.tamper("PRAGMA user_version = \(version)")
        await expectRefusal(.damaged(.file))
    }

    @Test(
        "a vault without one of its tables, or without its own row, is damaged",
        arguments: ["DROP TABLE vault", "DELETE FROM vault"])
    func missingParts(sql: String) async throws {
        try await folder.placeVault()
        try folder.tamper(sql)
        await expectRefusal(.damaged(.file))
    }

    @Test("a link to a vault opens it")
    func link() async throws {
        let id = try await folder.newVault().id
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.vaultPath)
        #expect(try await Vault.open(at: link).id == id)
    }
}
