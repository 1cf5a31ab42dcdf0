import Foundation
import Sodium
import Testing

@testable import Vault

/// A vault that is older than it was: refused on the machine that has seen the newer one.
@Suite struct RollbackTests {
    private let folder = Folder()

    /// Where this machine, or another, keeps what it notes.
    private func notes(_ machine: String = "here") -> String { folder.path + "/state-\(machine)" }

    private func open(_ machine: String = "here", acceptingRollback: Bool = false) async throws -> Vault {
        let vault = try await Vault.open(at: folder.vaultPath, notes: notes(machine))
        try await vault.unlock(
            passphrase: SecureBytes(Folder.passphrase), acceptingRollback: acceptingRollback)
        return vault
    }

    private func content() throws -> Data { try Data(contentsOf: URL(filePath: folder.vaultPath)) }

    /// Adds a secret, as a command does: opens the vault and closes it.
    private func add(_ name: String, on machine: String = "here") async throws {
        let vault = try await open(machine)
        _ = try await vault.add(name)
        try await vault.close()
    }

    @Test("an older file in the vault's place is refused, and nothing changes")
    func older() async throws {
        try await folder.placeVault()
        try await add("FIRST")
        let older = try content()
        try await add("SECOND")
        try folder.place(older)
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 3, found: 2))) { _ = try await open() }
        #expect(try content() == older)
    }

    @Test("a copy that went its own way as far as the vault did is refused")
    func fork() async throws {
        try await folder.placeVault()
        try await add("FIRST")
        let fork = try content()
        try await add("SECOND")
        let original = try content()
        try folder.place(fork)
        try await add("OTHER", on: "elsewhere")
        #expect(try content() != original)
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 3, found: 3))) { _ = try await open() }
    }

    @Test("a vault that others wrote to meanwhile, or that comes to a new machine, opens without fuss")
    func newer() async throws {
        try await folder.placeVault()
        try await add("FIRST")
        try await add("SECOND", on: "elsewhere")
        try await add("THIRD")
        #expect(try await open("elsewhere").names() == ["FIRST", "SECOND", "THIRD"])
        #expect(try await open("new").names().count == 3)
    }

    @Test("a rollback that is accepted is in the log, and makes the newer file the older one")
    func accepted() async throws {
        try await folder.placeVault()
        try await add("FIRST")
        let older = try content()
        try await add("SECOND")
        let newer = try content()
        try folder.place(older)

        let vault = try await open(acceptingRollback: true)
        try await vault.acceptRollback(by: .tester, now: 9_000)
        let last = try await vault.events(limit: 10).last?.event
        #expect(last?.kind == .rollbackAccepted)
        #expect(last?.number == 2)
        #expect(try await vault.verify().isClean)
        #expect(try await vault.verify().epoch == 4)
        try await vault.close()

        #expect(try await open().names() == ["FIRST"])
        try folder.place(newer)
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 4, found: 3))) { _ = try await open() }
    }

    @Test("a mark that was changed, cut short or is no file is told, and can be accepted", arguments: 0..<4)
    func damagedMark(how: Int) async throws {
        try await folder.placeVault()
        try await add("FIRST")
        let path = try notes() + "/" + folder.identifier("SELECT vault_id FROM vault").description + ".mark"
        var mark = try Data(contentsOf: URL(filePath: path))
        #expect(mark.count == 80)
        switch how {
        case 0: mark[15] ^= 1
        case 1: mark[79] ^= 1
        case 2: mark.removeLast()
        default: mark.append(0)
        }
        try mark.write(to: URL(filePath: path))
        await #expect(throws: VaultError.damaged(.mark)) { _ = try await open() }
        let vault = try await open(acceptingRollback: true)
        try await vault.acceptRollback(by: .tester, now: 9_000)
        try await vault.close()
        #expect(try await open().names() == ["FIRST"])
    }

    @Test("the mark is for its owner alone, and one where it cannot be written is no obstacle")
    func file() async throws {
        try await folder.placeVault()
        try await add("FIRST")
        let path = try notes() + "/" + folder.identifier("SELECT vault_id FROM vault").description + ".mark"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: notes()).count == 1)
        try Data().write(to: URL(filePath: notes("file")))
        await #expect(throws: VaultError.damaged(.mark)) { _ = try await open("file") }
    }

    @Test("failed attempts to unlock are counted, and in the log at the next success")
    func failedUnlocks() async throws {
        try await folder.placeVault()
        for _ in 0..<3 {
            let vault = try await Vault.open(at: folder.vaultPath, notes: notes())
            await #expect(throws: VaultError.wrongPassphrase) {
                try await vault.unlock(passphrase: SecureBytes("wrong"))
            }
        }
        let vault = try await open()
        try await vault.logFailedUnlocks(by: .tester, now: 9_000)
        try await vault.logFailedUnlocks(by: .tester, now: 9_000)
        let events = try await vault.events(limit: 10).map(\.event)
        #expect(events.map(\.kind) == [.vaultCreated, .unlockFailed])
        #expect(events.last?.number == 3)
    }
}
