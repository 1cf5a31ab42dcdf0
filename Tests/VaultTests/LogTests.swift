import Sodium
import Testing

@testable import Vault

/// The audit log: what is in it, when it is written, and how it is shortened.
@Suite struct LogTests {
    private let folder = Folder()

    private func events(of vault: Vault, from first: Int64 = 1) async throws -> [Event] {
        try await vault.events(from: first, limit: 10_000).map(\.event)
    }

    @Test("each change and each look at a value is an event, with who, when and what")
    func kinds() async throws {
        let vault = try await folder.newVault()
        let project = try await vault.addProject("Web")
        let id = try await vault.add("NAME")
        _ = try await vault.updateMetadata(of: id, name: "RENAMED", now: 2_500)
        _ = try await vault.rotate(id, to: "new")
        _ = try await vault.restoreVersion(1, of: id, by: .token("ci"), now: 2_600)
        _ = try await vault.reveal(id)
        _ = try await vault.reveal([id], for: .run(program: "/usr/bin/env"), by: .tester, now: 2_700)
        _ = try await vault.reveal([id], for: .export, by: .tester, now: 2_700)
        _ = try await vault.reveal([id], for: .inject, by: .tester, now: 2_700)
        let token = Token("ci")
        try await vault.addToken(token)
        try await vault.revokeToken(token.id)
        try await vault.deleteSecret(id)
        try await vault.deleteProject(project)

        let events = try await events(of: vault)
        #expect(
            events.map(\.kind) == [
                .vaultCreated, .projectCreated, .secretCreated, .secretUpdated, .secretRotated, .versionRestored,
                .revealed, .run, .exported, .injected, .tokenCreated, .tokenRevoked, .secretDeleted, .projectDeleted,
            ])
        #expect(events[1].subjects.map(\.name) == ["Web"])
        #expect(events[2].subjects.map(\.name) == ["NAME"])
        #expect(events[3].subjects.map(\.name) == ["RENAMED"])
        #expect(events[3].time == 2_500)
        #expect(events[3].actor == .user("tester", terminal: "pts/7"))
        #expect(events[4].subjects.map(\.valueRevision) == [2])
        #expect(events[5].actor == .token("ci"))
        #expect(events[5].number == 1)
        #expect(events[7].detail == "/usr/bin/env")
        #expect(events[10].subjects.map(\.id) == [token.id])
        #expect(events[12].subjects.map(\.metadataRevision) == [0])
    }

    @Test("what failed is no event, and a rehearsal is none either")
    func failures() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        let before = try folder.rows(of: "events").count
        _ = try? await vault.add("NAME")
        _ = try? await vault.updateMetadata(of: id, name: "NAME_2", now: 1)
        let after = try folder.rows(of: "events").count
        #expect(after == before + 1)
        _ = try? await vault.reveal(Identifier(random: .system))
        _ = try? await vault.restoreVersion(7, of: id, by: .tester, now: 1)
        _ = try await vault.createSecrets(
            [NewSecret("OTHER")], values: SecureList(SecureBytes("value"), ends: [5]), project: nil, onConflict: .fail,
            isRehearsal: true, now: 1)
        #expect(try folder.rows(of: "events").count == after)
        #expect(try await vault.verify().isClean)
    }

    @Test("an import is one event for a thousand secrets")
    func batches() async throws {
        let vault = try await folder.newVault()
        let names = (0..<2_001).map { "S\($0)" }
        let values = SecureList(
            SecureBytes(String(repeating: "v", count: names.count)), ends: Array(1...names.count))
        _ = try await vault.createSecrets(
            names.map { NewSecret($0) }, values: values, project: nil, onConflict: .fail, now: 1)
        let events = try await events(of: vault, from: 2)
        #expect(events.map(\.kind) == [.imported, .imported, .imported])
        #expect(events.map(\.subjects.count) == [1_000, 1_000, 1])
        #expect(events.flatMap { $0.subjects.map(\.name) } == names)
        #expect(try await vault.verify().isClean)
    }

    @Test("a value is not revealed when the log cannot be written")
    func failClosed() async throws {
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        _ = try await vault.connection.pragma("query_only = ON")
        await #expect(throws: VaultError.self) { _ = try await vault.reveal(id) }
        await #expect(throws: VaultError.self) { _ = try await vault.reveal([id]) }
        _ = try await vault.connection.pragma("query_only = OFF")
        #expect(try await vault.text(of: id) == "value")
    }

    @Test("a log whose beginning was removed still verifies, and says that it was")
    func pruning() async throws {
        let vault = try await folder.newVault()
        for number in 0..<9 { _ = try await vault.add("S\(number)") }
        #expect(try await vault.pruneLog(before: 6, by: .tester, now: 9_000) == 5)
        #expect(try await vault.pruneLog(before: 3, by: .tester, now: 9_000) == 0)
        let events = try await events(of: vault)
        #expect(events.count == 6)
        #expect(events.last?.kind == .logPruned)
        #expect(events.last?.number == 5)
        #expect(try await vault.verify().isClean)

        try folder.tamper("DELETE FROM events WHERE sequence = 6")
        #expect(try await vault.verify().damage == [Damage(.missing, .event(6))])
    }

    @Test("the whole log can be removed, but for the event that tells so")
    func pruningAll() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("NAME")
        #expect(try await vault.pruneLog(before: .max, by: .tester, now: 9_000) == 2)
        #expect(try await events(of: vault).map(\.kind) == [.logPruned])
        #expect(try await vault.verify().isClean)
    }

    @Test("an event that is missing is told to who reads the log")
    func gap() async throws {
        let vault = try await folder.newVault()
        _ = try await vault.add("NAME")
        _ = try await vault.add("OTHER")
        try folder.tamper("DELETE FROM events WHERE sequence = 2")
        await #expect(throws: VaultError.damaged(.event(2))) { _ = try await events(of: vault) }
        try folder.tamper("DELETE FROM events WHERE sequence = 3")
        await #expect(throws: VaultError.damaged(.event(2))) { _ = try await events(of: vault) }
    }

    @Test("an event is the same after it was stored, whatever is in it")
    func records() throws {
        let subjects = (0..<Event.maximumSubjectCount).map { number in
            Event.Subject(
                kind: .secret, id: Identifier(random: .system), scope: Identifier(random: .system),
                metadataRevision: Int64(number), valueRevision: .max, name: String(repeating: "Ü", count: 128))
        }
        for kind in Event.Kind.allCases {
            let event = Event(
                kind, by: .user("ada", terminal: "pts/3"), at: -1, detail: "/bin/été", number: .max, subjects)
            let decoded = try event.encoded().withUnsafeBytes { try Event(decoding: $0) }
            #expect(decoded == event)
        }
        let long = Event(
            .run, by: .user(String(repeating: "é", count: 200)), at: 1, detail: String(repeating: "x", count: 70_000))
        let cut = try long.encoded().withUnsafeBytes { try Event(decoding: $0) }
        #expect(cut.actor.name == String(repeating: "é", count: 127))
        #expect(cut.detail.utf8.count == 65_535)
    }
}
