import Sodium
import Testing

@testable import Vault

@Suite struct UnlockingTests {
    private let folder = Folder()

    @Test("the passphrase opens the vault, again and again")
    func unlocking() async throws {
        try await folder.placeVault()
        let vault = try await Vault.open(at: folder.vaultPath)
        for _ in 0..<2 {
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
            #expect(try await vault.names() == [])
            await vault.lock()
            await #expect(throws: VaultError.locked) { try await vault.names() }
        }
    }

    @Test("any other passphrase is wrong", arguments: ["", "correct", "Correct horse battery staple", "\n"])
    func wrongPassphrase(passphrase: String) async throws {
        try await folder.placeVault()
        let vault = try await Vault.open(at: folder.vaultPath)
        let wrong = passphrase == "\n" ? Folder.passphrase + "\n" : passphrase
        await #expect(throws: VaultError.wrongPassphrase) { try await vault.unlock(passphrase: SecureBytes(wrong)) }
        await #expect(throws: VaultError.locked) { try await vault.names() }
    }

    @Test("a wrong passphrase does not lock what is unlocked")
    func wrongWhileUnlocked() async throws {
        let vault = try await folder.newVault()
        await #expect(throws: VaultError.wrongPassphrase) { try await vault.unlock(passphrase: SecureBytes("wrong")) }
        #expect(try await vault.names() == [])
    }

    /// Every call that needs a key.
    private static let calls: [(String, @Sendable (Vault) async throws -> Void)] = [
        ("createSecret", { _ = try await $0.add("NAME") }),
        ("metadata(of:)", { _ = try await $0.metadata(of: $0.id) }),
        ("metadata(named:)", { _ = try await $0.metadata(named: "NAME", project: nil) }),
        ("secrets", { _ = try await $0.secrets(project: nil) }),
        ("reveal", { _ = try await $0.reveal($0.id) }),
        ("updateMetadata", { _ = try await $0.updateMetadata(of: $0.id, defaultAvailable: true, now: 1) }),
        ("rotate", { _ = try await $0.rotate($0.id, to: "value") }),
        ("deleteSecret", { try await $0.deleteSecret($0.id) }),
        ("createProject", { _ = try await $0.addProject() }),
        ("projects", { _ = try await $0.projects() }),
        ("deleteProject", { try await $0.deleteProject($0.id) }),
        ("addToken", { try await $0.addToken(Token("token")) }),
        ("token", { _ = try await $0.token($0.id) }),
        ("tokens", { _ = try await $0.tokens() }),
        ("revokeToken", { try await $0.revokeToken($0.id) }),
        ("tokenSigningKey", { _ = try await $0.tokenSigningKey() }),
        ("tokenID(ofAPIKey:)", { _ = try await $0.tokenID(ofAPIKey: "key") }),
    ]

    @Test("a locked vault refuses every call that needs a key, and says so")
    func locked() async throws {
        let vault = try await folder.newVault()
        await vault.lock()
        for (name, call) in Self.calls {
            await #expect(throws: VaultError.locked, "\(name)") { try await call(vault) }
        }
    }

    @Test("a locked vault does not delete what it holds")
    func lockedDeletion() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        let project = try await vault.addProject()
        await vault.lock()
        await #expect(throws: VaultError.locked) { try await vault.deleteSecret(id) }
        await #expect(throws: VaultError.locked) { try await vault.deleteProject(project) }
        try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        #expect(try await vault.names() == ["NAME"])
        #expect(try await vault.projects().map(\.id) == [project])
    }
}
