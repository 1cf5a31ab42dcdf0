import Foundation
import GRDB
import Sodium
import Testing

@testable import Vault

/// Files whose pages SQLite cannot read: what lies on other pages is saved, and what lay on them is told by id.
@Suite struct SalvagePageTests {
    private let folder = Folder()
    private let saved = Folder()
    private static let pageSize = 4096

    /// A vault with 150 secrets on many pages, the same for all tests, because making it takes its time.
    private static let bigVault = Task {
        let folder = Folder()
        let vault = try await folder.newVault()
        var values = SecureBuffer(capacity: 1 << 16)
        var ends: [Int] = []
        for number in 0..<150 {
            values.append(String(repeating: "\(number)-", count: 60).utf8)
            ends.append(values.count)
        }
        let list = SecureList(values.finish(), ends: ends)
        for half in [0..<75, 75..<150] {
            _ = try await vault.createSecrets(
                half.map { NewSecret("S\($0)") }, values: list.picking(Array(half)), project: nil, onConflict: .fail,
                now: 2_000)
        }
        try await vault.close()
        return try Data(contentsOf: URL(filePath: folder.vaultPath))
    }

    /// The pages of a table or an index that hold its rows, in order, and the page above them.
    private func pages(of name: String, _ kind: String = "leaf") throws -> [Int64] {
        try folder.integers("SELECT pageno FROM dbstat WHERE name = '\(name)' AND pagetype = '\(kind)' ORDER BY path")
    }

    /// Salvages the vault with noise on `pages`, cut to `count` pages, and checks that each secret is saved or told.
    private func salvage(withNoiseOn pages: [Int64], cutTo count: Int? = nil) async throws -> SalvageReport {
        var content = try await Self.bigVault.value
        for page in pages {
            let start = (Int(page) - 1) * Self.pageSize
            content.replaceSubrange(start..<(start + Self.pageSize), with: repeatElement(0xa5, count: Self.pageSize))
        }
        try folder.place(count.map { content.prefix($0 * Self.pageSize) } ?? content)
        let report = try await Vault.salvage(
            from: folder.vaultPath, to: saved.vaultPath, passphrase: SecureBytes(Folder.passphrase), by: .tester,
            now: 8_000)
        let new = try await saved.openVault()
        #expect(try await new.verify().damage == [])
        for secret in report.saved {
            let value = String(repeating: secret.name.dropFirst() + "-", count: 60)
            #expect(try await new.text(of: secret.id) == value)
        }
        return report
    }

    private func ids(lostIn report: SalvageReport) -> Set<Identifier> {
        Set(
            report.lost.compactMap { lost in
                if case .secret(let id) = lost.damage.place { id } else { nil }
            })
    }

    @Test("noise on pages of secrets costs the secrets on them", arguments: [[0], [5], [-1], [3, 9], [0, 7, -1]])
    func leaves(indices: [Int]) async throws {
        try folder.place(try await Self.bigVault.value)
        let leaves = try pages(of: "secrets")
        try #require(leaves.count > 12)
        let onPage = try folder.integers(
            "SELECT ncell FROM dbstat WHERE name = 'secrets' AND pagetype = 'leaf' ORDER BY path")
        let chosen = indices.map { $0 < 0 ? leaves.count + $0 : $0 }
        let report = try await salvage(withNoiseOn: chosen.map { leaves[$0] })
        let expected = chosen.reduce(0) { $0 + Int(onPage[$1]) }
        #expect(report.saved.count == 150 - expected)
        #expect(ids(lostIn: report).count == expected)
        #expect(report.lost.allSatisfy { !$0.name.isEmpty }, "the log has their names")
    }

    @Test("noise on the page above those of the secrets costs all secrets, and tells which")
    func root() async throws {
        try folder.place(try await Self.bigVault.value)
        let report = try await salvage(withNoiseOn: pages(of: "secrets", "internal"))
        #expect(report.saved.isEmpty)
        #expect(ids(lostIn: report).count == 150)
    }

    @Test(
        "noise on other tables' pages and on indices costs no secret",
        arguments: [
            "secrets_in_order", "sqlite_autoindex_secrets_1", "sqlite_autoindex_secrets_2", "events", "state", "tokens",
            "secret_versions", "sqlite_autoindex_scopes_1", "vault", "grdb_migrations",
        ])
    func otherPages(name: String) async throws {
        try folder.place(try await Self.bigVault.value)
        let report = try await salvage(withNoiseOn: pages(of: name) + pages(of: name, "internal"))
        #expect(report.saved.count == 150)
        #expect(report.lost == [])
    }

    @Test("a file that was cut short saves what lies before the cut", arguments: [1, 10, 20, 30])
    func cut(missing: Int) async throws {
        let count = try await Self.bigVault.value.count / Self.pageSize
        let report = try await salvage(withNoiseOn: [], cutTo: count - missing)
        let lost = ids(lostIn: report)
        #expect(lost.isDisjoint(with: report.saved.map(\.id)))
        let unknown = report.lost.reduce(0) { sum, lost in
            if case .rows(_, let count) = lost.damage.place { sum + Int(count) } else { sum }
        }
        #expect(report.saved.count + lost.count + unknown == 150)
    }
}
