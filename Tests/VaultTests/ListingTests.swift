import Sodium
import Testing

@testable import Vault

@Suite struct ListingTests {
    private let folder = Folder()

    /// A vault with secrets `A` to `G`, and their ids.
    private func alphabet() async throws -> (Vault, [Identifier]) {
        let vault = try await folder.newVault()
        var ids: [Identifier] = []
        for name in ["A", "B", "C", "D", "E", "F", "G"] { ids.append(try await vault.add(name)) }
        return (vault, ids)
    }

    /// All pages of `limit` each, one after the other, with `between` called after each.
    private func pages(
        of vault: Vault, limit: Int, between: (Int) async throws -> Void = { _ in }
    ) async throws -> [[String]] {
        var pages: [[String]] = []
        var next: Int64? = 0
        while let start = next {
            let page = try await vault.secrets(project: nil, after: start, limit: limit)
            pages.append(page.secrets.map(\.name))
            next = page.next
            try await between(pages.count)
        }
        return pages
    }

    @Test("secrets are listed in the order of their creation, whatever happened to them since")
    func order() async throws {
        let (vault, ids) = try await alphabet()
        _ = try await vault.updateMetadata(of: ids[2], name: "ZZZ", now: 9_000)
        _ = try await vault.rotate(ids[0], to: "new")
        try await vault.deleteSecret(ids[6])
        _ = try await vault.add("LAST")
        #expect(try await vault.names() == ["A", "B", "ZZZ", "D", "E", "F", "LAST"])
    }

    @Test(
        "pages add up to the whole, and the last one says that it is",
        arguments: [
            (1, [["A"], ["B"], ["C"], ["D"], ["E"], ["F"], ["G"]]),
            (3, [["A", "B", "C"], ["D", "E", "F"], ["G"]]),
            (6, [["A", "B", "C", "D", "E", "F"], ["G"]]),
            (7, [["A", "B", "C", "D", "E", "F", "G"]]),
            (1000, [["A", "B", "C", "D", "E", "F", "G"]]),
        ])
    func paging(limit: Int, expected: [[String]]) async throws {
        let (vault, _) = try await alphabet()
        #expect(try await pages(of: vault, limit: limit) == expected)
    }

    @Test("deletions between two pages neither skip nor repeat a secret")
    func deletionsBetweenPages() async throws {
        let (vault, ids) = try await alphabet()
        let seen = try await pages(of: vault, limit: 2) { count in
            // The page's own last secret, where the next page starts, and one that was to come.
            if count == 1 { for index in [0, 1, 3] { try await vault.deleteSecret(ids[index]) } }
        }
        #expect(seen == [["A", "B"], ["C", "E"], ["F", "G"]])
    }

    @Test("what is added between two pages comes last, though the newest was deleted before")
    func additionsBetweenPages() async throws {
        let (vault, ids) = try await alphabet()
        let seen = try await pages(of: vault, limit: 6) { count in
            guard count == 1 else { return }
            try await vault.deleteSecret(ids[6])
            _ = try await vault.add("NEW")
        }
        #expect(seen == [["A", "B", "C", "D", "E", "F"], ["NEW"]])
    }

    @Test("a start beyond the end gives an empty last page")
    func beyondEnd() async throws {
        let (vault, _) = try await alphabet()
        let page = try await vault.secrets(project: nil, after: .max, limit: 5)
        #expect(page.secrets == [])
        #expect(page.next == nil)
    }

    @Test("each scope lists its own")
    func scopes() async throws {
        let (vault, _) = try await alphabet()
        let project = try await vault.addProject()
        let other = try await vault.addProject()
        _ = try await vault.add("P1", project: project)
        _ = try await vault.add("O1", project: other)
        _ = try await vault.add("P2", project: project)
        #expect(try await vault.names(project: project) == ["P1", "P2"])
        #expect(try await vault.names(project: other) == ["O1"])
        #expect(try await vault.names().count == 7)
        let page = try await vault.secrets(project: project, limit: 2)
        #expect(page.next == nil)
    }

    @Test("an unknown project has no list, not an empty one")
    func unknownProject() async throws {
        let vault = try await folder.newVault()
        await #expect(throws: VaultError.noSuchProject) {
            try await vault.secrets(project: Identifier(random: .system))
        }
    }
}
