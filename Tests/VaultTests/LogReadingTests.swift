import Testing

@testable import Vault

/// The log as `coffer audit` reads it: followed from end to end first, then page by page.
@Suite struct LogReadingTests {
    private let folder = Folder()

    /// A vault whose log has five events.
    private func vaultWithFiveEvents() async throws -> Vault {
        let vault = try await folder.newVault()
        for name in ["A", "B", "C", "D"] { _ = try await vault.add(name) }
        return vault
    }

    @Test("events come in order, page by page, up to the one that was asked for")
    func pages() async throws {
        let vault = try await vaultWithFiveEvents()
        let last = try await vault.checkLog().sequence
        #expect(last == 5)
        #expect(try await vault.events(from: 1, to: last, limit: 3).map(\.sequence) == [1, 2, 3])
        #expect(try await vault.events(from: 4, to: last, limit: 3).map(\.sequence) == [4, 5])
        #expect(
            try await vault.events(from: 2, to: 3, limit: 9).map { $0.event.subjects.map(\.name) } == [["A"], ["B"]])
        #expect(try await vault.events(from: 6, to: last, limit: 3) == [])
    }

    @Test("a log is followed on from where it was left, also when that has been removed since")
    func goingOn() async throws {
        let vault = try await vaultWithFiveEvents()
        let third = try await vault.checkLog()
        _ = try await vault.add("E")
        #expect(try await vault.checkLog(after: third).sequence == 6)
        #expect(try await vault.pruneLog(before: 7, by: .tester, now: 5_000) == 6)
        #expect(try await vault.checkLog(after: third) == vault.checkLog())
        #expect(try await vault.events(from: 1, to: 6, limit: 9) == [])
        #expect(try await vault.events(limit: 9).map(\.event.kind) == [.logPruned])
    }

    @Test("a log that no longer leads on from where it was left is refused")
    func anotherLog() async throws {
        let vault = try await vaultWithFiveEvents()
        let other = LogPosition(sequence: 4, link: [UInt8](repeating: 7, count: 32))
        await #expect(throws: VaultError.inconsistent([Damage(.replayed, .rows(table: "events", count: 1))])) {
            _ = try await vault.checkLog(after: other)
        }
    }

    @Test(
        "a log that was changed is refused, and the change named",
        arguments: [
            ("DELETE FROM events WHERE sequence = 3", Damage(.missing, .event(3))),
            ("DELETE FROM events WHERE sequence = 5", Damage(.missing, .event(5))),
            ("DELETE FROM events WHERE sequence = 1", Damage(.missing, .event(1))),
            ("UPDATE events SET sealed_event = flip(sealed_event) WHERE sequence = 3", Damage(.altered, .event(3))),
            ("INSERT INTO events SELECT 6, sealed_event FROM events WHERE sequence = 3", Damage(.added, .event(6))),
            ("INSERT INTO events SELECT 0, sealed_event FROM events WHERE sequence = 3", Damage(.added, .event(0))),
        ])
    func damage(sql: String, expected: Damage) async throws {
        let vault = try await vaultWithFiveEvents()
        try folder.tamper(sql)
        await #expect(throws: VaultError.inconsistent([expected])) { _ = try await vault.checkLog() }
        await #expect(throws: VaultError.inconsistent([expected])) { try await vault.checkSums() }
    }

    @Test("an event that was removed from the log and put back is refused")
    func putBack() async throws {
        let vault = try await vaultWithFiveEvents()
        try folder.tamper("CREATE TABLE kept AS SELECT * FROM events WHERE sequence = 1")
        _ = try await vault.pruneLog(before: 3, by: .tester, now: 5_000)
        try folder.tamper("INSERT INTO events SELECT * FROM kept")
        await #expect(throws: VaultError.inconsistent([Damage(.added, .event(1))])) { _ = try await vault.checkLog() }
    }

    @Test("that another process has written is told without a key")
    func dataVersion() async throws {
        let vault = try await vaultWithFiveEvents()
        await vault.lock()
        let before = try await vault.dataVersion()
        #expect(try await vault.dataVersion() == before)
        _ = try await folder.openVault().add("E")
        #expect(try await vault.dataVersion() != before)
    }
}
