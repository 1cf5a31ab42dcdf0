import Foundation
import Sodium
import Testing

@testable import Vault

/// What this machine remembers of a vault: until an older one was accepted, it stays as it is.
@Suite struct MarkTests {
    private let folder = Folder()
    private var notes: String { folder.path + "/state" }

    private func open(acceptingRollback: Bool = false) async throws -> (vault: Vault, passedOver: VaultError?) {
        let vault = try await Vault.open(at: folder.vaultPath, notes: notes)
        let passphrase = SecureBytes(Folder.passphrase)
        return (vault, try await vault.unlock(passphrase: passphrase, acceptingRollback: acceptingRollback))
    }

    private func mark(of vault: Identifier) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(notes)/\(vault).mark"))
    }

    /// Puts an older copy of the vault, of epoch 1, into its place, which was seen at epoch 2; gives the vault's id.
    private func rollBack() async throws -> Identifier {
        try await folder.placeVault()
        let older = try Data(contentsOf: URL(filePath: folder.vaultPath))
        let (vault, passedOver) = try await open(acceptingRollback: true)
        #expect(passedOver == nil)
        _ = try await vault.add("NAME")
        try await vault.close()
        try folder.place(older)
        return vault.id
    }

    private static let rollback = VaultError.rolledBack(Rollback(seen: 2, found: 1))

    @Test("an older copy that is refused leaves the mark as it is")
    func refused() async throws {
        let id = try await rollBack()
        let before = try mark(of: id)
        for _ in 1...2 { await #expect(throws: Self.rollback) { _ = try await open() } }
        #expect(try mark(of: id) == before)
    }

    @Test("an older copy that was looked at, even written to, and not accepted is refused as before")
    func lookedAt() async throws {
        let id = try await rollBack()
        let before = try mark(of: id)
        let (vault, passedOver) = try await open(acceptingRollback: true)
        #expect(passedOver == Self.rollback)
        #expect(try await vault.verify().isClean)
        try await vault.close()
        #expect(try mark(of: id) == before)

        let (again, _) = try await open(acceptingRollback: true)
        _ = try await again.add("OTHER")
        try await again.close()
        #expect(try mark(of: id) == before)
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 2, found: 2))) { _ = try await open() }
    }

    @Test("another vault's mark does not do for this one")
    func otherVault() async throws {
        let id = try await rollBack()
        let other = Folder()
        try await other.createVault()
        let vault = try await Vault.open(at: other.vaultPath, notes: notes)
        try mark(of: id).write(to: URL(filePath: "\(notes)/\(vault.id).mark"))
        await #expect(throws: VaultError.damaged(.mark)) {
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        }
    }

    @Test("where no mark can be written the vault opens, and says so, also once it is closed")
    func noPlace() async throws {
        try await folder.placeVault()
        let vault = try await Vault.open(at: folder.vaultPath, notes: "/proc/nowhere/coffer")
        try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        #expect(await vault.hasMarkFailed)
        try await vault.close()
        #expect(await vault.hasMarkFailed)
        #expect(await !(try open().vault.hasMarkFailed))
    }
}
