import Sodium
import Testing

@testable import Vault

/// Several that use one file at once. Processes are told apart by SQLite only through their connections, as here.
@Suite struct SharingTests {
    private let folder = Folder()

    @Test("two that write 100 secrets each at once lose none")
    func concurrentWriters() async throws {
        let vaults = [try await folder.newVault(), try await folder.openVault()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, vault) in vaults.enumerated() {
                group.addTask {
                    for number in 0..<100 { _ = try await vault.add("S\(index)_\(number)", "value \(index) \(number)") }
                }
            }
            try await group.waitForAll()
        }
        let expected = Set((0..<2).flatMap { index in (0..<100).map { "S\(index)_\($0)" } })
        for vault in vaults {
            let secrets = try await vault.secrets(project: nil).secrets
            #expect(secrets.count == 200)
            #expect(Set(secrets.map(\.name)) == expected)
        }
        let last = try await vaults[0].metadata(named: "S1_99", project: nil)
        #expect(try await vaults[0].text(of: last.id) == "value 1 99")
    }

    @Test("of two that want one name at once, one gets it")
    func oneName() async throws {
        let vaults = [try await folder.newVault(), try await folder.openVault()]
        let created = await withTaskGroup(of: Bool.self) { group in
            for vault in vaults { group.addTask { (try? await vault.add("NAME")) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
        #expect(try await vaults[0].names() == ["NAME"])
    }

    @Test("changes by two to one secret all happen, one after the other")
    func oneSecret() async throws {
        let vaults = [try await folder.newVault(), try await folder.openVault()]
        let id = try await vaults[0].add("NAME")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for vault in vaults {
                group.addTask { for number in 0..<50 { _ = try await vault.rotate(id, to: "\(number)") } }
            }
            try await group.waitForAll()
        }
        #expect(try folder.integers("SELECT value_revision FROM secrets") == [101])
        #expect(try await vaults[0].text(of: id) == "49")
    }

    @Test("what one does, the other sees")
    func visibility() async throws {
        let (first, second) = (try await folder.newVault(), try await folder.openVault())
        let project = try await first.addProject()
        let id = try await first.add("NAME", "old", project: project)
        #expect(try await second.text(of: id) == "old")
        _ = try await second.rotate(id, to: "new")
        #expect(try await first.text(of: id) == "new")
        try await second.deleteProject(project)
        await #expect(throws: VaultError.noSuchSecret) { try await first.text(of: id) }
        await #expect(throws: VaultError.noSuchProject) { try await first.add("OTHER", project: project) }
    }

    @Test("a project that the other made anew under its old id is not mistaken for the old one")
    func renewedProject() async throws {
        let (first, second) = (try await folder.newVault(), try await folder.openVault())
        let project = try await first.addProject()
        _ = try await first.add("OLD", project: project)
        try await second.deleteProject(project)
        _ = try await second.createProject(ScopeDetails(name: "Again", createdAt: 1), id: project)
        let id = try await first.add("NEW", "by the first", project: project)
        #expect(try await second.text(of: id) == "by the first")
    }

    @Test("locking one leaves the other unlocked")
    func locking() async throws {
        let (first, second) = (try await folder.newVault(), try await folder.openVault())
        await first.lock()
        #expect(try await second.names() == [])
        await #expect(throws: VaultError.locked) { try await first.names() }
    }
}
