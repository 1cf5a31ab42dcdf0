import Dispatch
import Sodium
import Synchronization
import Testing

@testable import Vault

/// Writes that come at once and share a sync of the disk: each has its own outcome.
@Suite struct GroupCommitTests {
    private let folder = Folder()

    /// Stores secrets with these names all at once, and gives the errors, in no order.
    private func addAll(_ names: [String], to vault: Vault) async -> [VaultError?] {
        await withTaskGroup(of: VaultError?.self) { group in
            for name in names {
                group.addTask {
                    do {
                        _ = try await vault.add(name)
                        return nil
                    } catch {
                        return error as? VaultError
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("a write that fails takes none of the others with it")
    func outcomes() async throws {
        let vault = try await folder.newVault()
        let names = (0..<40).map { $0.isMultiple(of: 4) ? "TAKEN" : "S\($0)" }
        let failures = await addAll(names, to: vault).compactMap(\.self)
        #expect(failures == [VaultError](repeating: .nameTaken, count: 9))
        let stored = try await vault.names()
        #expect(stored.count == 31)
        #expect(Set(stored) == Set(names))
        for name in stored {
            let id = try await vault.metadata(named: name, project: nil).id
            #expect(try await vault.text(of: id) == "value")
        }
    }

    @Test("of many who delete one secret, one did")
    func deletions() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        let deleted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await vault.deleteSecret(id)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(deleted == 1)
    }

    @Test("changes of all kinds at once all happen")
    func mixture() async throws {
        let vault = try await folder.newVault()
        let ids = [try await vault.add("RENAMED"), try await vault.add("FLAGGED"), try await vault.add("ROTATED")]
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try await vault.updateMetadata(of: ids[0], name: "OTHER", now: 9) }
            for _ in 0..<20 {
                group.addTask { _ = try await vault.updateMetadata(of: ids[1], defaultAvailable: true, now: 9) }
                group.addTask { _ = try await vault.rotate(ids[2], to: "new") }
            }
            for number in 0..<20 { group.addTask { _ = try await vault.add("S\(number)") } }
            try await group.waitForAll()
        }
        #expect(try await vault.names().count == 23)
        #expect(try await vault.metadata(of: ids[0]).name == "OTHER")
        #expect(try await vault.metadata(of: ids[1]).defaultAvailable)
        #expect(try await vault.text(of: ids[2]) == "new")
        let revisions = try folder.integers("SELECT metadata_revision FROM secrets ORDER BY sequence LIMIT 3")
        #expect(revisions == [2, 21, 21])
    }

    @Test("on a full disk no write is acknowledged that is not there, and the vault goes on once there is room")
    func fullDisk() async throws {
        let vault = try await folder.newVault()
        let pages = try #require(try await vault.connection.pragma("page_count"))
        _ = try await vault.connection.pragma("max_page_count = \(pages)")
        let names = (0..<60).map { "S\($0)" }
        let outcomes = await addAll(names, to: vault)
        let acknowledged = outcomes.count { $0 == nil }
        #expect(acknowledged < names.count)
        #expect(outcomes.allSatisfy { $0 == nil || $0 == .storage(.full) })
        #expect(try await vault.names().count == acknowledged)

        _ = try await vault.connection.pragma("max_page_count = 1000000")
        let missing = try await Set(names).subtracting(vault.names())
        #expect(await addAll(Array(missing), to: vault).allSatisfy { $0 == nil })
        #expect(try await folder.openVault().names().count == names.count)
    }

    @Test("a secret is not stored under a key that its project has no more")
    func renewedProject() async throws {
        let other = try await folder.newVault()
        let project = try await other.addProject()
        // Runs while the secret is on its way: the first random bytes are for its id.
        let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)
        let vault = try await Vault.open(
            at: folder.vaultPath,
            random: RandomSource { buffer in
                RandomSource.system.overwrite(buffer)
                meanwhile.withLock { $0.take() }?()
            })
        try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
        meanwhile.withLock { next in
            next = {
                // On this thread: it may be the only one that tasks have.
                #expect(throws: Never.self) {
                    try LoopExecutor().run {
                        try await other.deleteProject(project)
                        _ = try await other.createProject(ScopeDetails(name: "Again", createdAt: 1), id: project)
                    }
                }
            }
        }
        let id = try? await vault.add("NAME", "value", project: project)
        let stored = try await other.names(project: project)
        #expect(stored == (id == nil ? [] : ["NAME"]))
    }
}
