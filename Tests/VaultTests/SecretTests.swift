import Sodium
import Testing

@testable import Vault

@Suite struct SecretTests {
    private let folder = Folder()

    @Test("a secret is what it was created as, at once and after reopening")
    func creation() async throws {
        let vault = try await folder.newVault()
        let secret = NewSecret(
            project: nil, name: "API_KEY", mask: "abc••••••••wxyz", defaultAvailable: true, createdByAgent: true)
        let created = try await vault.createSecret(
            secret, value: SharedSecureBytes(SecureBytes("the value")), now: 2_000)
        #expect(created.scope == vault.id)
        #expect(created.name == "API_KEY")
        #expect(created.mask == "abc••••••••wxyz")
        #expect(created.defaultAvailable && created.createdByAgent)
        #expect([created.createdAt, created.updatedAt] == [2_000, 2_000])

        let reopened = try await folder.openVault()
        for vault in [vault, reopened] {
            #expect(try await vault.metadata(of: created.id) == created)
            #expect(try await vault.metadata(named: "API_KEY", project: nil) == created)
            #expect(try await vault.secrets(project: nil).secrets == [created])
            #expect(try await vault.text(of: created.id) == "the value")
        }
    }

    @Test("a value comes back byte for byte", arguments: [1, 63, 64, 65, 40_000])
    func values(count: Int) async throws {
        let vault = try await folder.newVault()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131) }
        let id = try await vault.createSecret(
            NewSecret("NAME"), value: SharedSecureBytes(SecureBytes(copying: bytes)), now: 1
        ).id
        #expect(try await vault.reveal(id).bytes.array == bytes)
    }

    @Test("a name is taken once per scope")
    func names() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let personal = try await vault.add("NAME", "personal")
        let shared = try await vault.add("NAME", "project", project: project)
        await #expect(throws: VaultError.nameTaken) { try await vault.add("NAME") }
        await #expect(throws: VaultError.nameTaken) { try await vault.add("NAME", project: project) }
        #expect(try await vault.metadata(named: "NAME", project: nil).id == personal)
        #expect(try await vault.metadata(named: "NAME", project: project).id == shared)
        #expect(try await vault.text(of: personal) == "personal")
        #expect(try await vault.text(of: shared) == "project")
    }

    @Test("a name is free again once its secret is gone or has another")
    func freedNames() async throws {
        let vault = try await folder.newVault()
        let first = try await vault.add("NAME", "first")
        try await vault.deleteSecret(first)
        let second = try await vault.add("NAME", "second")
        _ = try await vault.updateMetadata(of: second, name: "OTHER", now: 3_000)
        let third = try await vault.add("NAME", "third")
        #expect(Set([first, second, third]).count == 3)
        #expect(try await vault.text(of: third) == "third")
    }

    @Test("metadata change and the value does not, nor what was not mentioned")
    func metadataChange() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "the value")
        let sealed = try folder.blobs("SELECT sealed_value FROM secrets")
        var expected = try await vault.metadata(of: id)

        expected.defaultAvailable = true
        expected.updatedAt = 3_000
        #expect(try await vault.updateMetadata(of: id, defaultAvailable: true, now: 3_000) == expected)
        expected.name = "OTHER"
        expected.updatedAt = 4_000
        #expect(try await vault.updateMetadata(of: id, name: "OTHER", now: 4_000) == expected)
        #expect(try await vault.metadata(of: id) == expected)
        #expect(try await vault.text(of: id) == "the value")
        #expect(try folder.blobs("SELECT sealed_value FROM secrets") == sealed)
        await #expect(throws: VaultError.noSuchSecret) { try await vault.metadata(named: "NAME", project: nil) }
    }

    @Test("a taken name is refused to a rename, and nothing changes")
    func renameConflict() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("FIRST")
        let second = try await vault.add("SECOND")
        let before = try await vault.metadata(of: second)
        await #expect(throws: VaultError.nameTaken) {
            try await vault.updateMetadata(of: second, name: "FIRST", defaultAvailable: true, now: 9)
        }
        #expect(try await vault.metadata(of: second) == before)
        #expect(try await vault.updateMetadata(of: second, name: "SECOND", now: 9).name == "SECOND")
    }

    @Test("rotation replaces value, mask and time, and nothing else")
    func rotation() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "old")
        var expected = try await vault.metadata(of: id)
        expected.mask = "rotated"
        expected.updatedAt = 3_000
        #expect(try await vault.rotate(id, to: "new") == expected)
        #expect(try await vault.metadata(of: id) == expected)
        #expect(try await vault.text(of: id) == "new")
    }

    @Test("revisions count the changes")
    func revisions() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        func revisions() throws -> [Int64] {
            try folder.integers(
                "SELECT metadata_revision FROM secrets UNION ALL SELECT value_revision FROM secrets")
        }
        #expect(try revisions() == [1, 1])
        _ = try await vault.updateMetadata(of: id, defaultAvailable: true, now: 3)
        #expect(try revisions() == [2, 1])
        _ = try await vault.rotate(id, to: "new")
        #expect(try revisions() == [3, 2])
    }

    @Test("a deleted secret is gone, and others stay")
    func deletion() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("GONE")
        let other = try await vault.add("STAYS", "here")
        try await vault.deleteSecret(id)
        #expect(try await vault.names() == ["STAYS"])
        #expect(try await vault.text(of: other) == "here")
    }

    @Test("an id that no secret has is refused by every call that takes one")
    func unknownID() async throws {
        let vault = try await folder.newVault()
        let gone = try await vault.add("GONE")
        try await vault.deleteSecret(gone)
        for id in [gone, vault.id, Identifier(random: .system)] {
            await #expect(throws: VaultError.noSuchSecret) { try await vault.metadata(of: id) }
            await #expect(throws: VaultError.noSuchSecret) { _ = try await vault.reveal(id) }
            await #expect(throws: VaultError.noSuchSecret) { try await vault.updateMetadata(of: id, now: 1) }
            await #expect(throws: VaultError.noSuchSecret) { try await vault.rotate(id, to: "new") }
            await #expect(throws: VaultError.noSuchSecret) { try await vault.deleteSecret(id) }
        }
    }
}
