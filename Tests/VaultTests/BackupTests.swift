import Foundation
import Sodium
import Testing

@testable import Vault

@Suite struct BackupTests {
    private let folder = Folder()

    private var backupPath: String { folder.path + "/copies/backup.coffer" }

    private var copies: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/copies")) ?? []
    }

    private func backUp(_ vault: Vault) async throws -> Verification {
        try await vault.backUp(to: backupPath, by: .tester, now: 6_000)
    }

    @Test("a backup is the vault as it was, for its owner alone, and opens with the same passphrase")
    func content() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let ids = [try await vault.add("NAME", "value"), try await vault.add("NAME", "theirs", project: project)]
        _ = try await vault.rotate(ids[0], to: "later")
        let found = try await backUp(vault)
        #expect(found.isClean && found.counts.secrets == 2 && found.counts.versions == 1 && found.counts.scopes == 2)
        _ = try await vault.add("AFTERWARDS")

        let copy = try await Vault.open(at: backupPath)
        try await copy.unlock(passphrase: SecureBytes(Folder.passphrase))
        #expect(try await copy.verify() == found)
        #expect(try await copy.names() == ["NAME"])
        #expect(try await copy.text(of: ids[0]) == "later")
        #expect(try await copy.text(of: ids[0], version: 1) == "value")
        #expect(try await copy.text(of: ids[1]) == "theirs")
        try await copy.close()
        let attributes = try FileManager.default.attributesOfItem(atPath: backupPath)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(copies == ["backup.coffer"])
    }

    @Test("the log has a backup, with the copy's epoch")
    func event() async throws {
        let vault = try await folder.newVault()
        let found = try await backUp(vault)
        let last = try await vault.events(limit: 1000).last?.event
        #expect(last?.kind == .backedUp && last?.number == found.epoch && last?.actor == .tester)
    }

    @Test("a backup overwrites nothing, be it a broken link", arguments: [true, false])
    func existing(isLink: Bool) async throws {
        let vault = try await folder.newVault()
        try FileManager.default.createDirectory(atPath: folder.path + "/copies", withIntermediateDirectories: true)
        if isLink {
            try FileManager.default.createSymbolicLink(atPath: backupPath, withDestinationPath: "nowhere")
        } else {
            try Data("theirs".utf8).write(to: URL(filePath: backupPath))
        }
        let before = try folder.rows(of: "events")
        await #expect(throws: VaultError.vaultExists) { try await backUp(vault) }
        #expect(copies == ["backup.coffer"])
        #expect(isLink || FileManager.default.contents(atPath: backupPath) == Data("theirs".utf8))
        #expect(try folder.rows(of: "events") == before)
    }

    @Test("a copy that does not verify is not kept, and the log has nothing of it")
    func damaged() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        _ = try await vault.add("OTHER")
        try folder.tamper("UPDATE secrets SET sealed_value = flip(sealed_value) WHERE sequence = 1")
        let before = try folder.rows(of: "events")
        await #expect(throws: VaultError.inconsistent([Damage(.altered, .secret(id))])) { try await backUp(vault) }
        #expect(copies == [])
        #expect(try folder.rows(of: "events") == before)
    }

    @Test("a locked vault is not copied")
    func locked() async throws {
        let vault = try await folder.newVault()
        await vault.lock()
        await #expect(throws: VaultError.locked) { try await backUp(vault) }
        #expect(copies == [])
    }

    @Test("backups taken while two others write are each one moment of the vault")
    func concurrent() async throws {
        let vault = try await folder.newVault()
        let writers = [try await folder.openVault(), try await folder.openVault()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, writer) in writers.enumerated() {
                group.addTask {
                    var number = 0
                    while !Task.isCancelled {
                        let id = try await writer.add("S\(index)_\(number)")
                        if number.isMultiple(of: 2) { _ = try await writer.rotate(id, to: "\(number)") }
                        number += 1
                    }
                }
            }
            var epochs: [UInt64] = []
            for number in 0..<5 {
                let found = try await vault.backUp(
                    to: folder.path + "/copies/\(number).coffer", by: .tester, now: 6_000)
                #expect(found.isClean)
                epochs.append(found.epoch)
            }
            group.cancelAll()
            try await group.waitForAll()
            #expect(epochs == epochs.sorted() && Set(epochs).count == 5)
        }
    }

    @Test("what a killed process left of its copy is removed by the next one; other files are not")
    func leftDrafts() async throws {
        let vault = try await folder.newVault()
        let others = [
            "notes.new-1", "a.new-550e8400-e29b-41d4-a716-44665544000g", "550e8400-e29b-41d4-a716-446655440000",
        ]
        let left = "older.coffer.new-550e8400-e29b-41d4-a716-446655440000"
        let orphan = "b.new-550e8400-e29b-41d4-a716-446655440001-wal"
        try FileManager.default.createDirectory(atPath: folder.path + "/copies", withIntermediateDirectories: true)
        for name in others + [left, left + "-journal", orphan] {
            try Data("left".utf8).write(to: URL(filePath: folder.path + "/copies/" + name))
        }
        _ = try await backUp(vault)
        #expect(copies.sorted() == (others + ["backup.coffer"]).sorted())
    }

    @Test("a copy that is being made is not taken for one that was left")
    func heldDrafts() async throws {
        _ = try await folder.newVault()
        let file = VaultFile(path: backupPath)
        let first = try file.makeDraft(suffix: Identifier(random: .system).description)
        let second = try file.makeDraft(suffix: Identifier(random: .system).description)
        #expect(copies.count == 2)
        for draft in [first, second] { draft.remove() }
    }
}
