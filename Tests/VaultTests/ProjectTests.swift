import Sodium
import Testing

@testable import Vault

@Suite struct ProjectTests {
    private let folder = Folder()

    @Test("a project is what it was created as, at once and after reopening")
    func creation() async throws {
        let vault = try await folder.newVault()
        let details = ScopeDetails(
            name: "Größe 🔑", settings: "# Settings\n\ttext", tags: ["one", "zwei"], createdAt: 2_000)
        let chosen = Identifier(random: .system)
        let project = try await vault.createProject(details, id: chosen)
        #expect(project == Project(id: chosen, details: details))
        let second = try await vault.addProject("Second")
        let reopened = try await folder.openVault()
        #expect(try await reopened.projects().map(\.id) == [chosen, second])
        #expect(try await reopened.projects().first == project)
    }

    @Test("an id is taken once, by a project or by the personal scope")
    func takenID() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject("First")
        for id in [project, vault.id] {
            await #expect(throws: VaultError.projectExists) {
                try await vault.createProject(ScopeDetails(name: "Second", createdAt: 1), id: id)
            }
        }
        #expect(try await vault.projects().map(\.details.name) == ["First"])
    }

    @Test("two projects may have one name")
    func sameName() async throws {
        let vault = try await folder.newVault()
        let ids = [try await vault.addProject("Name"), try await vault.addProject("Name")]
        #expect(try await vault.projects().map(\.id) == ids)
    }

    @Test("a deleted project takes its secrets and its key with it, and leaves the others theirs")
    func deletion() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let other = try await vault.addProject()
        let gone = try await vault.add("NAME", project: project)
        let kept = [try await vault.add("NAME", "a"), try await vault.add("NAME", "a", project: other)]
        let keys = try folder.blobs("SELECT wrapped_scope_key FROM scopes")

        try await vault.deleteProject(project)
        #expect(try await vault.projects().map(\.id) == [other])
        await #expect(throws: VaultError.noSuchSecret) { _ = try await vault.reveal(gone) }
        await #expect(throws: VaultError.noSuchProject) { try await vault.names(project: project) }
        for id in kept { #expect(try await vault.text(of: id) == "a") }
        #expect(try folder.integers("SELECT count(*) FROM secrets") == [2])
        #expect(try folder.blobs("SELECT wrapped_scope_key FROM scopes") == [keys[0], keys[2]])
    }

    @Test("a project that is created again under its old id has another key")
    func recreation() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        _ = try await vault.add("OLD", "old", project: project)
        try await vault.deleteProject(project)
        _ = try await vault.createProject(ScopeDetails(name: "Again", createdAt: 1), id: project)
        #expect(try await vault.names(project: project) == [])
        let id = try await vault.add("OLD", "new", project: project)
        #expect(try await folder.openVault().text(of: id) == "new")
    }

    @Test("neither an unknown project nor the personal scope can be deleted")
    func undeletable() async throws {
        let vault = try await folder.newVault()
        for id in [vault.id, Identifier(random: .system)] {
            await #expect(throws: VaultError.noSuchProject) { try await vault.deleteProject(id) }
        }
        #expect(try await folder.openVault().names() == [])
    }

    @Test("a project that does not exist takes no secret")
    func unknownProject() async throws {
        let vault = try await folder.newVault()
        let unknown = Identifier(random: .system)
        await #expect(throws: VaultError.noSuchProject) { try await vault.add("NAME", project: unknown) }
        await #expect(throws: VaultError.noSuchProject) {
            try await vault.metadata(named: "NAME", project: unknown)
        }
    }

    @Test("the personal scope is not to be had as a project")
    func personalScope() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("NAME")
        #expect(try await vault.projects() == [])
        await #expect(throws: VaultError.noSuchProject) { try await vault.add("OTHER", project: vault.id) }
        await #expect(throws: VaultError.noSuchProject) { try await vault.names(project: vault.id) }
        await #expect(throws: VaultError.noSuchProject) { try await vault.metadata(named: "NAME", project: vault.id) }
    }
}
