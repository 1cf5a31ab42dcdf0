import Sodium
import Testing

@testable import Vault

/// Former values of secrets.
@Suite struct VersionTests {
    private let folder = Folder()

    @Test("the ten values before the current one are kept, each as it was")
    func kept() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "value 1")
        for number in 2...14 { _ = try await vault.rotate(id, to: "value \(number)") }
        let versions = try await vault.versions(of: id)
        #expect(versions.current == 14)
        #expect(versions.former.map(\.revision) == Array(4...13))
        for revision in Int64(4)...14 {
            #expect(try await vault.text(of: id, version: revision) == "value \(revision)")
        }
        #expect(try await vault.text(of: id) == "value 14")
        for revision in [Int64(3), 15, 0, -1] {
            await #expect(throws: VaultError.noSuchVersion) { _ = try await vault.text(of: id, version: revision) }
        }
        #expect(try await vault.verify().isClean)
    }

    @Test("of a former value its mask and its end are known")
    func details() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        _ = try await vault.rotate(id, value: SharedSecureBytes(SecureBytes("new")), mask: "new mask", now: 7_000)
        #expect(
            try await vault.versions(of: id).former
                == [SecretVersion(revision: 1, mask: "••••••••", replacedAt: 7_000)])
    }

    @Test("a former value becomes the current one, as a new revision with the mask that it had")
    func restoring() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "first")
        _ = try await vault.rotate(id, to: "second")
        let metadata = try await vault.restoreVersion(1, of: id, by: .tester, now: 8_000)
        #expect(metadata.mask == "••••••••")
        #expect(metadata.updatedAt == 8_000)
        #expect(try await vault.text(of: id) == "first")
        #expect(try await vault.text(of: id, version: 2) == "second")
        #expect(try await vault.versions(of: id).current == 3)
        #expect(try await vault.verify().isClean)
    }

    @Test("an import that replaces keeps the value that was there")
    func replacing() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME", "old")
        _ = try await vault.createSecrets(
            [NewSecret("NAME")], values: SecureList(SecureBytes("new"), ends: [3]), project: nil, onConflict: .replace,
            now: 1)
        #expect(try await vault.text(of: id) == "new")
        #expect(try await vault.text(of: id, version: 1) == "old")
        #expect(try await vault.verify().isClean)
    }

    @Test("former values go with their secret, and with its project")
    func deletion() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let ids = [try await vault.add("NAME"), try await vault.add("NAME", project: project)]
        for id in ids { _ = try await vault.rotate(id, to: "new") }
        #expect(try folder.rows(of: "secret_versions").count == 2)
        try await vault.deleteSecret(ids[0])
        try await vault.deleteProject(project)
        #expect(try folder.rows(of: "secret_versions").isEmpty)
        #expect(try await vault.verify().isClean)
    }

    @Test("a former value of another secret, or of another revision, does not open")
    func swapping() async throws {
        let vault = try await folder.newVault()
        let first = try await vault.add("FIRST", "first")
        let second = try await vault.add("SECOND", "second")
        for id in [first, second] {
            for number in 0..<2 { _ = try await vault.rotate(id, to: "value \(number)") }
        }
        try folder.tamper(
            """
            CREATE TABLE kept AS SELECT * FROM secret_versions;
            UPDATE secret_versions AS v SET sealed_value =
                (SELECT sealed_value FROM kept k WHERE k.secret_id <> v.secret_id AND k.value_revision = v.value_revision)
            WHERE value_revision = 1;
            UPDATE secret_versions AS v SET sealed_value =
                (SELECT sealed_value FROM kept k WHERE k.secret_id = v.secret_id AND k.value_revision = 1)
            WHERE value_revision = 2
            """)
        for id in [first, second] {
            for revision in Int64(1)...2 {
                await #expect(throws: VaultError.damaged(.version(id, revision))) {
                    _ = try await vault.text(of: id, version: revision)
                }
            }
        }
    }
}
