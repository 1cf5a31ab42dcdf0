import Foundation
import GRDB
import Sodium
import Testing

@testable import Vault

@Suite struct SalvageTests {
    private let folder = Folder()
    /// Where the new vault is to be.
    private let saved = Folder()

    private func salvage(_ passphrase: String = Folder.passphrase) async throws -> SalvageReport {
        let before = FileManager.default.contents(atPath: folder.vaultPath)
        defer { #expect(FileManager.default.contents(atPath: folder.vaultPath) == before, "it must not be changed") }
        return try await Vault.salvage(
            from: folder.vaultPath, to: saved.vaultPath, passphrase: SecureBytes(passphrase), by: .tester, now: 8_000)
    }

    private func expectWhole(_ vault: Vault) async throws {
        #expect(try await vault.verify().damage == [])
        #expect(saved.siblings.filter { $0.contains("new") } == [])
    }

    /// A vault with three secrets, and a fourth in a project; closed, so that all is in its file.
    private func filledVault() async throws -> [Identifier] {
        let vault = try await folder.newVault()
        let project = try await vault.addProject("Web")
        let ids = [
            try await vault.add("FIRST", "1"), try await vault.add("SECOND", "2"), try await vault.add("THIRD", "3"),
            try await vault.add("FIRST", "4", project: project),
        ]
        try await vault.close()
        return ids
    }

    private func lost(_ kind: Damage.Kind, _ place: Damage.Place, _ name: String = "") -> SalvageReport.Lost {
        SalvageReport.Lost(damage: Damage(kind, place), name: name)
    }

    @Test("of a good vault everything is saved as it was, under new keys; tokens stay behind")
    func everything() async throws {
        let vault = try await folder.newVault()
        let details = ScopeDetails(name: "Web", settings: "# Web", tags: ["a"], createdAt: 1_500)
        let project = try await vault.createProject(details, id: nil).id
        let flagged = try await vault.createSecret(
            NewSecret(project: project, name: "FLAGGED", mask: "mask", defaultAvailable: true, createdByAgent: true),
            value: SharedSecureBytes(SecureBytes("flagged")), now: 1_700)
        let id = try await vault.add("NAME", "0")
        for number in 1...12 { _ = try await vault.rotate(id, to: "\(number)") }
        try await vault.addToken(Token("ci"))
        let metadata = try await vault.metadata(of: id)
        let old = try await vault.versions(of: id)
        try await vault.close()

        let report = try await salvage()
        #expect(report.lost == [] && report.isLogWhole && report.tokenCount == 1 && report.projectCount == 1)
        #expect(report.saved.map(\.id) == [flagged.id, id])
        #expect(report.saved.map(\.name) == ["FLAGGED", "NAME"])
        let new = try await saved.openVault()
        #expect(new.id != vault.id)
        #expect(try await new.projects() == [Project(id: project, details: details)])
        #expect(try await new.metadata(of: flagged.id) == flagged)
        #expect(try await new.text(of: flagged.id) == "flagged")
        let carried = try await new.metadata(of: id)
        #expect(carried.scope == new.id && carried.createdAt == metadata.createdAt)
        #expect(carried.updatedAt == metadata.updatedAt && carried.mask == metadata.mask)
        #expect(try await new.versions(of: id) == old)
        #expect(try await new.text(of: id) == "12")
        #expect(try await new.text(of: id, version: 4) == "3")
        #expect(try await new.tokens() == [])
        try await expectWhole(new)
        let boxes = "SELECT sealed_value FROM secrets UNION SELECT wrapped_scope_key FROM scopes"
        #expect(Set(try folder.blobs(boxes)).isDisjoint(with: try saved.blobs(boxes)))
    }

    @Test("the log of the new vault tells of each secret, and sequences are not given again")
    func event() async throws {
        let ids = try await filledVault()
        _ = try await salvage()
        let new = try await saved.openVault()
        let events = try await new.events(limit: 1000).map(\.event)
        #expect(events.allSatisfy { $0.kind == .vaultSalvaged && $0.actor == .tester && $0.time == 8_000 })
        #expect(events.flatMap { $0.subjects.filter { $0.kind == .secret }.map(\.id) } == ids)
        let later = try await new.add("LATER")
        #expect(try await new.names() == ["FIRST", "SECOND", "THIRD", "LATER"])
        #expect(try saved.integers("SELECT max(sequence) FROM secrets") == [5])
        try saved.tamper("DELETE FROM secrets WHERE sequence = 2")
        #expect(try await new.verify().damage == [Damage(.missing, .secret(ids[1]))])
        #expect(try await new.text(of: later) == "value")
    }

    @Test(
        "what else is damaged costs no secret",
        arguments: [
            "UPDATE state SET sealed_state = flip(sealed_state)", "DELETE FROM state",
            "DELETE FROM events", "UPDATE events SET sealed_event = flip(sealed_event)", "DELETE FROM vault",
            "CREATE TRIGGER planted AFTER INSERT ON secrets BEGIN DELETE FROM secrets; END",
            "CREATE VIEW planted AS SELECT 1; CREATE TABLE more (a); DROP TABLE tokens; DROP INDEX secrets_in_order",
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'x', 'x', 0, 'CREATE nonsense')",
            "PRAGMA user_version = 9", "PRAGMA application_id = 9",
            "UPDATE scopes SET sealed_details = flip(sealed_details) WHERE sequence = 1",
        ])
    func others(sql: String) async throws {
        let ids = try await filledVault()
        try folder.tamper(sql + "; PRAGMA wal_checkpoint(TRUNCATE)")
        let report = try await salvage()
        #expect(report.saved.map(\.id) == ids)
        #expect(report.lost.allSatisfy { if case .scope = $0.damage.place { true } else { false } })
        let new = try await saved.openVault()
        #expect(try await new.text(of: ids[3]) == "4")
        try await expectWhole(new)
    }

    @Test(
        "a secret that does not open is lost, told by id and name, and no other is",
        arguments: ["sealed_value", "sealed_metadata", "name_tag"])
    func altered(column: String) async throws {
        let ids = try await filledVault()
        try folder.tamper("UPDATE secrets SET \(column) = flip(\(column)) WHERE sequence = 2")
        let report = try await salvage()
        #expect(report.lost == [lost(.altered, .secret(ids[1]), "SECOND")])
        let new = try await saved.openVault()
        #expect(try await new.names() == ["FIRST", "THIRD"])
        try await expectWhole(new)
    }

    @Test("a secret that is missing is told by id and name, as the log has them")
    func missing() async throws {
        let ids = try await filledVault()
        try folder.tamper("DELETE FROM secrets WHERE sequence = 2")
        let report = try await salvage()
        #expect(report.lost == [lost(.missing, .secret(ids[1]), "SECOND")])
        #expect(report.isLogWhole)
    }

    @Test("where the log is gone too, the state tells how many are missing")
    func missingWithoutLog() async throws {
        _ = try await filledVault()
        try folder.tamper("DELETE FROM secrets WHERE sequence = 2; DELETE FROM events")
        let report = try await salvage()
        #expect(report.lost == [lost(.missing, .rows(table: "secrets", count: 1))])
        #expect(!report.isLogWhole)
    }

    @Test("of a secret that was put back as it once was, it is told that there was a later one")
    func replayed() async throws {
        let ids = try await filledVault()
        let elsewhere = Folder()
        try elsewhere.place(try #require(FileManager.default.contents(atPath: folder.vaultPath)))
        let vault = try await folder.openVault()
        _ = try await vault.rotate(ids[1], to: "later")
        try await vault.close()
        try folder.tamper(
            """
            ATTACH '\(elsewhere.vaultPath)' AS old;
            UPDATE secrets SET (metadata_revision, value_revision, sealed_metadata, sealed_value) =
                (SELECT metadata_revision, value_revision, sealed_metadata, sealed_value FROM old.secrets
                 WHERE sequence = 2) WHERE sequence = 2
            """)
        let report = try await salvage()
        #expect(report.lost == [lost(.replayed, .secret(ids[1]), "SECOND")])
        #expect(try await saved.openVault().text(of: ids[1]) == "2")
    }

    @Test("a secret that was deleted and put back is not saved, because the log tells")
    func deleted() async throws {
        let ids = try await filledVault()
        let columns = "sequence, secret_id, scope_id, name_tag, metadata_revision, value_revision, sealed_metadata, "
        let all = columns + "sealed_value"
        let elsewhere = Folder()
        try elsewhere.place(try #require(FileManager.default.contents(atPath: folder.vaultPath)))
        let vault = try await folder.openVault()
        try await vault.deleteSecret(ids[1])
        try await vault.close()
        try folder.tamper(
            """
            ATTACH '\(elsewhere.vaultPath)' AS old;
            INSERT INTO secrets (\(all)) SELECT \(all) FROM old.secrets WHERE sequence = 2
            """)
        let report = try await salvage()
        #expect(report.lost == [] && report.deletedCount == 1)
        #expect(try await saved.openVault().names() == ["FIRST", "THIRD"])
    }

    @Test("former values that do not open are told, and those that do close ranks")
    func versions() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "0")
        for number in 1...4 { _ = try await vault.rotate(id, to: "\(number)") }
        try await vault.close()
        try folder.tamper("UPDATE secret_versions SET sealed_value = flip(sealed_value) WHERE value_revision = 2")
        try folder.tamper("DELETE FROM secret_versions WHERE value_revision = 3")
        let report = try await salvage()
        #expect(report.lost == [lost(.altered, .version(id, 2), "NAME"), lost(.missing, .version(id, 3), "NAME")])
        let new = try await saved.openVault()
        let (former, current) = try await new.versions(of: id)
        #expect(former.map(\.revision) == [1, 2] && current == 3)
        #expect(former.map(\.replacedAt) == [3_000, 3_000])
        #expect(try await new.text(of: id) == "4")
        #expect(try await new.text(of: id, version: 1) == "0")
        #expect(try await new.text(of: id, version: 2) == "3")
        try await expectWhole(new)
    }

    @Test("a project whose key is gone is lost with its secrets; one whose details are gone is called by its last name")
    func projects() async throws {
        let ids = try await filledVault()
        let project = try folder.identifier("SELECT scope_id FROM scopes WHERE sequence = 2")
        try folder.tamper("UPDATE scopes SET sealed_details = flip(sealed_details) WHERE sequence = 2")
        let report = try await salvage()
        #expect(report.lost == [lost(.altered, .scope(project), "Web")])
        #expect(report.saved.count == 4)
        #expect(try await saved.openVault().projects().map(\.details.name) == ["Web"])

        try FileManager.default.removeItem(atPath: saved.vaultPath)
        try folder.tamper("UPDATE scopes SET wrapped_scope_key = flip(wrapped_scope_key) WHERE sequence = 2")
        let second = try await salvage()
        #expect(
            second.lost == [lost(.altered, .scope(project), "Web"), lost(.altered, .secret(ids[3]), "FIRST")])
        #expect(second.saved.map(\.id) == Array(ids[..<3]))
    }

    @Test("another passphrase saves nothing, and leaves nothing")
    func wrongPassphrase() async throws {
        _ = try await filledVault()
        await #expect(throws: VaultError.wrongPassphrase) { try await salvage("wrong") }
        #expect(saved.siblings == [])
    }

    @Test("nothing is saved without a key slot, nor of what is no vault, and nothing is overwritten")
    func refused() async throws {
        _ = try await filledVault()
        try FileManager.default.createDirectory(atPath: saved.path + "/data", withIntermediateDirectories: true)
        try Data("theirs".utf8).write(to: URL(filePath: saved.vaultPath))
        await #expect(throws: VaultError.vaultExists) { try await salvage() }
        #expect(FileManager.default.contents(atPath: saved.vaultPath) == Data("theirs".utf8))
        try FileManager.default.removeItem(atPath: saved.vaultPath)
        try folder.tamper("DELETE FROM key_slots; PRAGMA wal_checkpoint(TRUNCATE)")
        await #expect(throws: VaultError.damaged(.keySlot)) { try await salvage() }
        try FileManager.default.removeItem(atPath: folder.vaultPath)
        await #expect(throws: VaultError.noVault) { try await salvage() }
        try folder.place(Data("text".utf8))
        await #expect(throws: VaultError.notAVault(.notSQLite)) { try await salvage() }
        try folder.place(Data())
        await #expect(throws: VaultError.damaged(.file)) { try await salvage() }
        try FileManager.default.removeItem(atPath: folder.vaultPath)
        try await DatabaseQueue(path: folder.vaultPath).write { try $0.execute(sql: "CREATE TABLE key_slots (a)") }
        await #expect(throws: VaultError.notAVault(.foreign)) { try await salvage() }
        #expect(saved.siblings == [])
    }
}
