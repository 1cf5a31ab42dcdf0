import Foundation
import GRDB
import Sodium
import Testing

@testable import Vault

/// Passphrases and recovery codes: what opens the vault, and what does no more.
@Suite struct SlotTests {
    private let folder = Folder()
    private static let next = "another passphrase altogether"

    private func open() async throws -> (vault: Vault, slot: OpenedSlot) { try await open(Folder.passphrase) }

    private func open(_ passphrase: String) async throws -> (vault: Vault, slot: OpenedSlot) {
        let vault = try await Vault.open(at: folder.vaultPath)
        return (vault, try await vault.openSlot(with: SecureBytes(passphrase)))
    }

    private func expect(_ error: VaultError, opening passphrase: String) async throws {
        let vault = try await Vault.open(at: folder.vaultPath)
        await #expect(throws: error) { try await vault.unlock(passphrase: SecureBytes(passphrase)) }
    }

    private func change(
        _ vault: Vault, _ opened: OpenedSlot, to passphrase: String = next, cost: PasswordHash.Cost? = nil
    ) async throws {
        try await vault.changePassphrase(
            to: SecureBytes(passphrase), cost: cost, with: opened, by: .tester, now: 3_000)
    }

    /// Makes a code that opens the vault, and gives its text.
    private func createCode(_ vault: Vault, _ opened: OpenedSlot, replacing: Bool = false) async throws -> String {
        let code = RecoveryCode()
        try await vault.createRecoveryCode(code, replacing: replacing, with: opened, by: .tester, now: 3_000)
        return String(decoding: code.text().array, as: UTF8.self)
    }

    private func expectWhole(_ vault: Vault, slots: Int, events: [Event.Kind]) async throws {
        let found = try await vault.verify()
        #expect(found.isClean && found.counts.keySlots == slots)
        #expect(try await vault.events(limit: 100).map(\.event.kind) == [.vaultCreated] + events)
        #expect(try await vault.events(limit: 100).dropFirst().allSatisfy { $0.event.actor == .tester })
    }

    @Test("a new passphrase opens the vault, and the former one does no more")
    func changed() async throws {
        try await folder.placeVault()
        let before = try folder.rows(of: "key_slots")[0]
        let (vault, opened) = try await open()
        let id = try await vault.add("NAME", "the value")
        try await change(vault, opened)
        try await expectWhole(vault, slots: 1, events: [.secretCreated, .passphraseChanged])
        try await expect(.wrongPassphrase, opening: Folder.passphrase)
        #expect(try await open(Self.next).vault.text(of: id) == "the value")
        let after = try folder.rows(of: "key_slots")[0]
        for column in ["slot", "kind", "operations", "memory"] {
            #expect(before[column] as DatabaseValue == after[column] as DatabaseValue)
        }
        for column in ["salt", "wrapped_root_key"] {
            #expect(before[column] as DatabaseValue != after[column] as DatabaseValue)
        }
    }

    @Test("nothing is left of the former slot, even while others have the vault open")
    func overwritten() async throws {
        try await folder.placeVault()
        let running = try await folder.openVault()
        _ = try await running.add("NAME")
        let former = Data(try folder.blobs("SELECT wrapped_root_key FROM key_slots")[0])
        let (vault, opened) = try await open()
        func isThere() throws -> Bool {
            try ["", "-wal"].contains {
                try Data(contentsOf: URL(filePath: folder.vaultPath + $0)).range(of: former) != nil
            }
        }
        let before = try isThere()
        try await change(vault, opened)
        let after = try isThere()
        #expect(before && !after)
    }

    @Test("who has the vault open goes on, whatever its passphrase is by now")
    func goingOn() async throws {
        try await folder.placeVault()
        let running = try await folder.openVault()
        let (vault, opened) = try await open()
        try await change(vault, opened)
        _ = try await running.add("NAME")
        #expect(try await vault.names() == ["NAME"])
        #expect(try await running.verify().isClean)
    }

    @Test("the cost stays unless another is asked for")
    func cost() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let dearer = try PasswordHash.Cost(operations: 3, memory: 20 << 20)
        try await change(vault, opened, cost: dearer)
        let (again, reopened) = try await open(Self.next)
        #expect(reopened.slot.cost == dearer)
        try await change(again, reopened, to: Folder.passphrase)
        #expect(try await open().slot.slot.cost == dearer)
    }

    @Test("a passphrase that another process has changed meanwhile is not changed again")
    func changedMeanwhile() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let (other, theirs) = try await open()
        try await change(vault, opened)
        let rows = try folder.rows(of: "key_slots")
        await #expect(throws: VaultError.keysChanged) { try await change(other, theirs, to: "a third one") }
        await #expect(throws: VaultError.keysChanged) { _ = try await createCode(other, theirs) }
        #expect(try folder.rows(of: "key_slots") == rows)
        try await expectWhole(vault, slots: 1, events: [.passphraseChanged])
    }

    @Test("a recovery code opens the vault beside the passphrase")
    func code() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let code = try await createCode(vault, opened)
        try await expectWhole(vault, slots: 2, events: [.recoveryCodeCreated])
        #expect(try await open(code).slot.slot.kind == .recovery)
        #expect(try await open(code.lowercased().replacing("-", with: "")).slot.slot.kind == .recovery)
        #expect(try await open().slot.slot.kind == .passphrase)
    }

    @Test("a mistyped code is told, unless it is the passphrase")
    func mistyped() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let slip = String(try await createCode(vault, opened).dropLast())
        try await expect(.mistypedRecoveryCode, opening: slip)
        try await change(vault, opened, to: slip)
        #expect(try await open(slip).slot.slot.kind == .passphrase)
    }

    @Test("another vault's code is told from a wrong passphrase, and a passphrase may look like a code")
    func otherCode() async throws {
        let code = String(decoding: RecoveryCode().text().array, as: UTF8.self)
        try await folder.placeVault()
        let (vault, opened) = try await open()
        try await expect(.wrongRecoveryCode, opening: code)
        _ = try await createCode(vault, opened)
        try await expect(.wrongRecoveryCode, opening: code)
        try await change(vault, opened, to: code)
        #expect(try await open(code).slot.slot.kind == .passphrase)
    }

    @Test("who has lost the passphrase sets a new one with the code, which stays")
    func lost() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let code = try await createCode(vault, opened)
        let (other, byCode) = try await open(code)
        try await change(other, byCode)
        try await expectWhole(other, slots: 2, events: [.recoveryCodeCreated, .passphraseChanged])
        try await expect(.wrongPassphrase, opening: Folder.passphrase)
        #expect(try await open(Self.next).slot.slot.cost == .lowest)
        #expect(try await open(code).slot.slot.kind == .recovery)
    }

    @Test("there is one code at a time, and the one that is replaced opens nothing")
    func replaced() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        let first = try await createCode(vault, opened)
        await #expect(throws: VaultError.recoveryCodeExists) { _ = try await createCode(vault, opened) }
        let second = try await createCode(vault, opened, replacing: true)
        try await expectWhole(
            vault, slots: 2, events: [.recoveryCodeCreated, .recoveryCodeRevoked, .recoveryCodeCreated])
        try await expect(.wrongRecoveryCode, opening: first)
        #expect(try await open(second).slot.slot.number == 2)
    }

    @Test("a code that was revoked opens nothing; only the passphrase revokes it")
    func revoked() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        await #expect(throws: VaultError.noRecoveryCode) {
            try await vault.revokeRecoveryCode(with: opened, by: .tester, now: 4_000)
        }
        let code = try await createCode(vault, opened)
        let (other, byCode) = try await open(code)
        await #expect(throws: VaultError.passphraseNeeded) {
            try await other.revokeRecoveryCode(with: byCode, by: .tester, now: 4_000)
        }
        #expect(try await vault.hasRecoveryCode())
        try await vault.revokeRecoveryCode(with: opened, by: .tester, now: 4_000)
        try await expectWhole(vault, slots: 1, events: [.recoveryCodeCreated, .recoveryCodeRevoked])
        try await expect(.wrongRecoveryCode, opening: code)
    }

    @Test("a vault whose slots are all taken gets no code")
    func full() async throws {
        try await folder.placeVault()
        try folder.tamper(
            """
            WITH RECURSIVE n(i) AS (VALUES(2) UNION ALL SELECT i + 1 FROM n WHERE i < 16)
            INSERT INTO key_slots SELECT i, kind, operations, memory, salt, wrapped_root_key FROM key_slots, n
            """)
        let (vault, opened) = try await open()
        await #expect(throws: VaultError.noFreeSlot) { _ = try await createCode(vault, opened) }
    }

    @Test("what a code opens is saved from a damaged vault, and the code opens what was saved")
    func salvaged() async throws {
        try await folder.placeVault()
        let (vault, opened) = try await open()
        _ = try await vault.add("NAME", "the value")
        let code = try await createCode(vault, opened)
        try await vault.close()
        let saved = folder.path + "/saved.coffer"
        _ = try await Vault.salvage(
            from: folder.vaultPath, to: saved, passphrase: SecureBytes(code), by: .tester, now: 4_000)
        let new = try await Vault.open(at: saved)
        await #expect(throws: VaultError.wrongPassphrase) {
            try await new.unlock(passphrase: SecureBytes(Folder.passphrase))
        }
        let slot = try await new.openSlot(with: SecureBytes(code))
        #expect(try await new.names() == ["NAME"])
        try await change(new, slot)
        #expect(try await new.openSlot(with: SecureBytes(Self.next)).slot.cost == .moderate)
        #expect(try await new.verify().isClean)
    }
}
