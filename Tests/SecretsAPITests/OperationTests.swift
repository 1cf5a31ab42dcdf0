import Sodium
import Testing
import Vault

@testable import SecretsAPI

/// What the operations do, for a caller who may do all, and what only the owner does.
@Suite struct OperationTests {
    private let folder = Folder()

    private func revealed(_ id: Identifier, by secrets: Secrets) async throws -> String {
        try await secrets.reveal(id).bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test("an update sets the flag and the time; null sets neither")
    func update() async throws {
        let secrets = try await folder.newSecrets()
        let later = Secrets(vault: secrets.vault, owner: .user("tester"), now: { 2_000 })
        let id = try await secrets.add("A")
        let before = try await secrets.get(id, by: .owner)
        let untouched = UpdateSecretMetadataRequest(defaultAvailable: nil)
        #expect(try await later.updateMetadata(id, untouched, by: .owner) == before)
        #expect(try await later.get(id, by: .owner) == before)

        let after = try await later.updateMetadata(id, UpdateSecretMetadataRequest(defaultAvailable: true), by: .owner)
        #expect(after.defaultAvailable)
        #expect(after.createdAt == before.createdAt)
        #expect(after.updatedAt == "1970-01-01T00:33:20Z")
        #expect(try await later.get(id, by: .owner) == after)
        #expect(try await revealed(id, by: later) == "value")
    }

    @Test("a name is taken once per scope")
    func conflicts() async throws {
        let secrets = try await folder.newSecrets()
        let project = try await secrets.addProject()
        _ = try await secrets.add("A")
        _ = try await secrets.add("A", project: project)
        for scope in [nil, project] {
            await #expect(throws: SecretsError.vault(.nameTaken)) { try await secrets.add("A", project: scope) }
        }
        let again = try decode(CreateProjectRequest.self, #"{"id":"\#(project)"}"#)
        await #expect(throws: SecretsError.vault(.projectExists)) {
            try await secrets.createProject(again, by: .owner)
        }
    }

    @Test("the personal scope is not to be had as a project")
    func personalScope() async throws {
        let secrets = try await folder.newSecrets()
        let personal = secrets.vault.id
        await #expect(throws: SecretsError.vault(.noSuchProject)) { try await secrets.add("A", project: personal) }
        await #expect(throws: SecretsError.vault(.noSuchProject)) {
            try await secrets.list(ListSecretsRequest(project: personal), by: .owner)
        }
    }

    @Test("a secret is found by its name in a scope, or by its id in any")
    func finding() async throws {
        let secrets = try await folder.newSecrets()
        let project = try await secrets.addProject()
        let personal = try await secrets.add("A")
        let shared = try await secrets.add("A", project: project)
        #expect(try await secrets.find("A", project: nil).id == personal)
        #expect(try await secrets.find("A", project: project).id == shared)
        #expect(try await secrets.find(shared.description.uppercased(), project: nil).id == shared)
        for unknown in ["B", "a", "", Identifier(random: .system).description] {
            await #expect(throws: SecretsError.vault(.noSuchSecret)) { try await secrets.find(unknown, project: nil) }
        }
        let found = try await secrets.find("A", project: project)
        #expect(secrets.show(found) == (try await secrets.get(shared, by: .owner)))
    }

    @Test("a rename keeps the rule for names and the value")
    func renaming() async throws {
        let secrets = try await folder.newSecrets()
        let id = try await secrets.add("A")
        let fault = FieldFault("name", "must start with A to Z and contain only A to Z, 0 to 9 and _")
        await #expect(throws: SecretsError.invalid([fault])) {
            try await secrets.update(id, name: "a", defaultAvailable: true)
        }
        #expect(try await secrets.get(id, by: .owner).defaultAvailable == false)
        let renamed = try await secrets.update(id, name: "B", defaultAvailable: true)
        #expect(renamed.name == "B")
        #expect(renamed.defaultAvailable)
        #expect(try await revealed(id, by: secrets) == "value")
    }

    @Test("a rotation changes value and mask")
    func rotation() async throws {
        let secrets = try await folder.newSecrets()
        let id = try await secrets.add("A", value: "old")
        let rotated = try await secrets.rotate(id, to: SecretValue("new 0123456789 value"))
        #expect(rotated.maskedValue == "new••••••••alue")
        #expect(try await secrets.get(id, by: .owner) == rotated)
        #expect(try await revealed(id, by: secrets) == "new 0123456789 value")
    }

    @Test("a locked vault is a problem of its own")
    func locked() async throws {
        let secrets = try await folder.newSecrets()
        await secrets.vault.lock()
        await #expect(throws: SecretsError.vault(.locked)) { try await secrets.add("A") }
        await #expect(throws: SecretsError.vault(.locked)) {
            try await secrets.list(ListSecretsRequest(project: nil), by: .owner)
        }
        await #expect(throws: SecretsError.vault(.locked)) { try await secrets.projects(by: .owner) }
    }
}
