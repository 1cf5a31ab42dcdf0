import Sodium
import Testing

@testable import Vault

@Suite("Many secrets at once") struct BatchTests {
    private let folder = Folder()

    private func list(_ values: [String]) -> SecureList {
        var buffer = SecureBuffer(capacity: 16)
        var ends: [Int] = []
        for value in values {
            buffer.append(value.utf8)
            ends.append(buffer.count)
        }
        return SecureList(buffer.finish(), ends: ends)
    }

    private func store(
        _ pairs: KeyValuePairs<String, String>, in vault: Vault, project: Identifier? = nil,
        onConflict policy: ConflictPolicy = .fail, isRehearsal: Bool = false
    ) async throws -> [StoredSecret] {
        try await vault.createSecrets(
            pairs.map { NewSecret($0.key, project: project) }, values: list(pairs.map(\.value)), project: project,
            onConflict: policy, isRehearsal: isRehearsal, now: 2_000)
    }

    private func names(_ vault: Vault, project: Identifier? = nil) async throws -> [String] {
        try await vault.secrets(project: project).secrets.map(\.name)
    }

    @Test("all are stored in order, and come back in the order they are asked for")
    func storing() async throws {
        let vault = try await folder.newVault()
        let results = try await store(["A": "first", "B": "second", "C": "third"], in: vault)
        #expect(results.count == 3)
        let reopened = try await folder.openVault()
        #expect(try await names(reopened) == ["A", "B", "C"])
        let ids = try await reopened.secrets(project: nil).secrets.map(\.id)
        let values = try await reopened.reveal(ids.reversed())
        let texts = (0..<values.count).map { values.withUnsafeBytes(at: $0) { String(decoding: $0, as: UTF8.self) } }
        #expect(texts == ["third", "second", "first"])
    }

    @Test("one taken name, and none of the others is stored")
    func failing() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("B", "there")
        let results = try await store(["A": "1", "B": "2", "C": "3"], in: vault)
        #expect(results[1] == .conflict("B"))
        #expect(try await names(vault) == ["B"])
    }

    @Test("a taken name can be skipped, replaced or renamed")
    func policies() async throws {
        let vault = try await folder.newVault()
        let there = try await vault.add("B", "there")
        #expect(try await store(["A": "1", "B": "2"], in: vault, onConflict: .skip)[1] == .skipped("B"))
        #expect(try await vault.text(of: there) == "there")

        let replaced = try await store(["B": "3"], in: vault, onConflict: .replace)
        guard case .replaced(let metadata) = replaced[0] else { Issue.record("not replaced"); return }
        #expect(metadata.id == there && metadata.updatedAt == 2_000)
        #expect(try await vault.text(of: there) == "3")

        let renamed = try await store(["B": "4", "B_2": "5"], in: vault, onConflict: .rename)
        // B_2 is on its way in with the same batch, so the first that is free is B_3.
        guard case .renamed(let other, from: "B") = renamed[0] else { Issue.record("not renamed"); return }
        #expect(other.name == "B_3")
        #expect(try await vault.text(of: there) == "3")
        #expect(try await vault.text(of: other.id) == "4")
        #expect(try await names(vault) == ["B", "A", "B_3", "B_2"])
    }

    @Test("a long name is cut where a number is put behind it")
    func longNames() async throws {
        let vault = try await folder.newVault()
        let name = String(repeating: "N", count: 128)
        _ = try await vault.add(name)
        let results = try await store([name: "x"], in: vault, onConflict: .rename)
        guard case .renamed(let metadata, from: _) = results[0] else { Issue.record("not renamed"); return }
        #expect(metadata.name == name.dropLast(2) + "_2")
    }

    @Test("a rehearsal tells what would be, and stores nothing")
    func rehearsal() async throws {
        let vault = try await folder.newVault()
        let there = try await vault.add("B", "there")
        let results = try await store(["A": "1", "B": "2"], in: vault, onConflict: .replace, isRehearsal: true)
        guard case .created = results[0], case .replaced = results[1] else { Issue.record("\(results)"); return }
        #expect(try await names(vault) == ["B"])
        #expect(try await vault.text(of: there) == "there")
    }

    @Test("names are taken per scope, and an unknown project takes none")
    func scopes() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        _ = try await vault.add("A")
        _ = try await store(["A": "project's"], in: vault, project: project)
        #expect(try await names(vault, project: project) == ["A"])
        for unknown in [Identifier(random: .system), vault.id] {
            await #expect(throws: VaultError.noSuchProject) { try await store(["B": "x"], in: vault, project: unknown) }
        }
    }

    @Test("an id that no secret has yields no values")
    func unknownID() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("A")
        await #expect(throws: VaultError.noSuchSecret) { try await vault.reveal([id, Identifier(random: .system)]) }
    }
}
