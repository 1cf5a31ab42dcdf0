import Foundation
import Sodium
import Synchronization
import Testing

@testable import Vault

@Suite struct RestoreTests {
    private let folder = Folder()

    private var backupPath: String { folder.path + "/backup.coffer" }
    private var notes: String { folder.path + "/notes" }

    /// A vault with one secret, and a backup of it; then another secret.
    private func backedUpVault() async throws -> (vault: Vault, backup: Verification) {
        let vault = try await folder.newVault()
        _ = try await vault.add("BEFORE", "value")
        let backup = try await vault.backUp(to: backupPath, by: .tester, now: 6_000)
        _ = try await vault.add("SINCE", "value")
        return (vault, backup)
    }

    @discardableResult
    private func restore(
        _ passphrase: String = Folder.passphrase, replacingNewer: Bool = false
    ) async throws -> Restoration {
        try await Vault.restore(
            from: backupPath, to: folder.vaultPath, passphrase: SecureBytes(passphrase), notes: notes,
            replacingNewer: replacingNewer, by: .tester, now: 7_000)
    }

    /// The vault in its place, opened as by a program that remembers what it saw.
    private func reopened() async throws -> Vault {
        let vault = try await Vault.open(at: folder.vaultPath, notes: notes)
        try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        return vault
    }

    private func lastEvent(_ vault: Vault) async throws -> Event? {
        try await vault.events(limit: 1000).last?.event
    }

    private func removeVault() throws {
        for name in folder.siblings { try FileManager.default.removeItem(atPath: folder.path + "/data/" + name) }
    }

    @Test("where there is nothing, the backup becomes the vault; the log tells, and the backup stays as it was")
    func nothingThere() async throws {
        let (vault, backup) = try await backedUpVault()
        try await vault.close()
        try removeVault()
        let before = FileManager.default.contents(atPath: backupPath)
        let done = try await restore()
        #expect(done.copied == backup && done.epoch > backup.epoch)
        #expect(FileManager.default.contents(atPath: backupPath) == before)
        #expect(folder.siblings == ["vault.coffer"])
        let restored = try await reopened()
        #expect(try await restored.names() == ["BEFORE"])
        #expect(try await restored.verify().isClean)
        let event = try await lastEvent(restored)
        #expect(event?.kind == .vaultRestored && event?.number == backup.epoch && event?.time == 7_000)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.vaultPath)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("a vault that was written to since is not replaced without being told")
    func newer() async throws {
        let (vault, backup) = try await backedUpVault()
        let epoch = try await vault.verify().epoch
        let before = try folder.rows(of: "secrets")
        await #expect(throws: RestoreError.newer(vault: epoch, backup: backup.epoch)) { try await restore() }
        #expect(try folder.rows(of: "secrets") == before)
        #expect(try await vault.names() == ["BEFORE", "SINCE"])
        #expect(folder.siblings.filter { $0.contains("new") } == [])

        let done = try await restore(replacingNewer: true)
        #expect(done.epoch > epoch)
        #expect(try await vault.names() == ["BEFORE"])
    }

    @Test("a vault that went another way from the same epoch on is not replaced without being told")
    func sameEpoch() async throws {
        let vault = try await folder.newVault()
        try await vault.close()
        try FileManager.default.copyItem(atPath: folder.vaultPath, toPath: backupPath)
        _ = try await folder.openVault().add("HERE")
        let elsewhere = try await Vault.open(at: backupPath)
        try await elsewhere.unlock(passphrase: SecureBytes(Folder.passphrase))
        _ = try await elsewhere.add("THERE")
        let epoch = try await elsewhere.verify().epoch
        try await elsewhere.close()
        await #expect(throws: RestoreError.newer(vault: epoch, backup: epoch)) { try await restore() }
    }

    @Test("a vault that is older than the backup, or the same, is replaced")
    func older() async throws {
        let vault = try await folder.newVault()
        try await vault.close()
        let old = try #require(FileManager.default.contents(atPath: folder.vaultPath))
        let later = try await folder.openVault()
        _ = try await later.add("NAME")
        try await later.close()
        try FileManager.default.copyItem(atPath: folder.vaultPath, toPath: backupPath)
        try await restore()
        try removeVault()
        try folder.place(old)
        try await restore()
        #expect(try await reopened().names() == ["NAME"])
    }

    @Test("one that has the vault open goes on with what was restored: reads, writes, and all of it verifies")
    func openElsewhere() async throws {
        let (vault, _) = try await backedUpVault()
        let project = try await vault.addProject()
        _ = try await vault.add("GONE", project: project)
        let token = Token("gone")
        try await vault.addToken(token)
        _ = try await vault.token(token.id)
        try await restore(replacingNewer: true)

        #expect(try await vault.names() == ["BEFORE"])
        await #expect(throws: VaultError.noSuchToken) { try await vault.token(token.id) }
        await #expect(throws: VaultError.noSuchProject) { try await vault.add("NEW", project: project) }
        let id = try await vault.metadata(named: "BEFORE", project: nil).id
        #expect(try await vault.text(of: id) == "value")
        _ = try await vault.rotate(id, to: "later")
        #expect(try await vault.verify().isClean)
        #expect(try await reopened().text(of: id) == "later")
    }

    @Test("while a vault is replaced nobody else writes to it, and what they write comes after")
    func writeLock() async throws {
        let (vault, _) = try await backedUpVault()
        let other = try await folder.openVault()
        let source = try Connection.open(VaultFile(path: backupPath))
        let target = try Connection.open(VaultFile(path: folder.vaultPath))
        let log = try folder.integers("SELECT max(sequence) FROM events")
        var write: Task<Identifier, any Error>?
        try target.replaceContent(by: source) { _ in
            write = Task { try await other.add("DURING") }
            usleep(100_000)
            #expect(try! folder.integers("SELECT max(sequence) FROM events") == log)
        }
        // The state that it goes on from has a lower epoch than one that was seen: not restored as ``Vault/restore`` does.
        await #expect(throws: VaultError.self) { try await write?.value }
        #expect(try folder.integers("SELECT count(*) FROM secrets") == [1])
        try await vault.close()
    }

    @Test("when the last look refuses, nothing is changed, and others write again")
    func refusedAtLast() async throws {
        struct Refusal: Error {}
        let (vault, _) = try await backedUpVault()
        let source = try Connection.open(VaultFile(path: backupPath))
        let target = try Connection.open(VaultFile(path: folder.vaultPath))
        let before = try folder.rows(of: "secrets")
        #expect(throws: Refusal.self) { try target.replaceContent(by: source) { _ in throw Refusal() } }
        #expect(try folder.rows(of: "secrets") == before)
        _ = try await vault.add("AFTERWARDS")
        #expect(try await vault.verify().isClean)
    }

    @Test("writers that go on all through a restore lose nothing that they wrote after it")
    func concurrentWriters() async throws {
        let (vault, _) = try await backedUpVault()
        let epoch = Int64(try await vault.verify().epoch)
        _ = try await vault.add("W0")
        let isRestored = Atomic(false)
        async let writing = {
            var (count, since) = (1, 0)
            while since < 20 {
                if isRestored.load(ordering: .relaxed) { since += 1 }
                _ = try await vault.add("W\(count)")
                count += 1
            }
            return count
        }()
        let done = try await {
            defer { isRestored.store(true, ordering: .relaxed) }
            return try await restore(replacingNewer: true)
        }()
        let count = try await writing
        #expect(Int64(done.epoch) > epoch)
        let names = try await vault.names()
        #expect(names.first == "BEFORE" && names.last == "W\(count - 1)")
        #expect(!names.contains("W0") && names.count < count + 1)
        #expect(try await vault.verify().isClean)
    }

    @Test(
        "a backup that does not verify replaces nothing",
        arguments: [
            "UPDATE secrets SET sealed_value = flip(sealed_value)", "DELETE FROM secrets",
            "UPDATE state SET sealed_state = flip(sealed_state)", "DELETE FROM events WHERE sequence = 1",
            "CREATE TRIGGER planted AFTER INSERT ON secrets BEGIN DELETE FROM secrets; END",
        ])
    func damagedBackup(sql: String) async throws {
        let (vault, _) = try await backedUpVault()
        let elsewhere = Folder()
        try elsewhere.place(try #require(FileManager.default.contents(atPath: backupPath)))
        try elsewhere.tamper(sql)
        try FileManager.default.removeItem(atPath: backupPath)
        try FileManager.default.copyItem(atPath: elsewhere.vaultPath, toPath: backupPath)
        let before = try folder.rows(of: "secrets")
        let error = await #expect(throws: RestoreError.self) { try await restore(replacingNewer: true) }
        guard case .backup(.damaged) = error else {
            guard case .backup(.inconsistent) = error else { Issue.record("\(String(describing: error))"); return }
            return
        }
        #expect(try folder.rows(of: "secrets") == before)
        try await vault.close()
    }

    @Test("a backup of another vault, and the vault itself, are refused")
    func others() async throws {
        _ = try await folder.newVault()
        let other = Folder()
        try await other.createVault()
        try FileManager.default.copyItem(atPath: other.vaultPath, toPath: backupPath)
        await #expect(throws: RestoreError.otherVault) { try await restore(replacingNewer: true) }
        try FileManager.default.removeItem(atPath: backupPath)
        try FileManager.default.linkItem(atPath: folder.vaultPath, toPath: backupPath)
        await #expect(throws: RestoreError.sameFile) { try await restore() }
    }

    @Test("another passphrase opens neither")
    func wrongPassphrase() async throws {
        let (vault, _) = try await backedUpVault()
        await #expect(throws: RestoreError.backup(.wrongPassphrase)) { try await restore("wrong") }
        try folder.tamper("UPDATE key_slots SET wrapped_root_key = flip(wrapped_root_key)")
        await #expect(throws: RestoreError.vault(.wrongPassphrase)) { try await restore(replacingNewer: true) }
        try await vault.close()
    }

    @Test("a vault whose state does not open is not replaced: it might be newer")
    func damagedState() async throws {
        let (vault, _) = try await backedUpVault()
        try folder.tamper("UPDATE state SET sealed_state = flip(sealed_state)")
        await #expect(throws: RestoreError.vault(.damaged(.state))) { try await restore(replacingNewer: true) }
        try await vault.close()
    }

    @Test("a vault with damaged secrets is made good")
    func damagedRows() async throws {
        let (vault, _) = try await backedUpVault()
        try folder.tamper("UPDATE secrets SET sealed_value = flip(sealed_value)")
        try await restore(replacingNewer: true)
        #expect(try await vault.verify().isClean)
    }

    @Test("what is restored is no rollback to the machine that saw the newer vault", arguments: [true, false])
    func mark(isThere: Bool) async throws {
        let (vault, backup) = try await backedUpVault()
        let seen = try await reopened()
        let epoch = try await seen.verify().epoch
        try await seen.close()
        try await vault.close()
        try removeVault()
        // Somebody has put the old one back, which is refused, or removed the vault.
        if isThere {
            try folder.place(try #require(FileManager.default.contents(atPath: backupPath)))
            await #expect(throws: VaultError.rolledBack(Rollback(seen: epoch, found: backup.epoch))) {
                try await reopened()
            }
        }
        let done = try await restore()
        #expect(done.epoch > epoch)
        #expect(try await reopened().names() == ["BEFORE"])
    }
}
