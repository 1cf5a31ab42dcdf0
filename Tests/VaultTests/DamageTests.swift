import Foundation
import Sodium
import Testing

@testable import Vault

/// Rows deleted, added, put back and altered behind the vault's back: noticed by its sums, and named by `verify`.
@Suite struct DamageTests {
    private let folder = Folder()

    /// A vault with something in each table, and what is in it.
    private struct World {
        let vault: Vault
        let secret: Identifier
        let other: Identifier
        let project: Identifier
        let inProject: Identifier
        let token: Token
    }

    private func world() async throws -> World {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        let world = World(
            vault: vault, secret: try await vault.add("SECRET", "first"), other: try await vault.add("OTHER"),
            project: project, inProject: try await vault.add("IN_PROJECT", project: project), token: Token("token"))
        try await vault.addToken(world.token)
        _ = try await vault.rotate(world.secret, to: "second")
        _ = try await vault.rotate(world.secret, to: "third")
        try folder.tamper(
            """
            CREATE TABLE kept_secrets AS SELECT * FROM secrets;
            CREATE TABLE kept_versions AS SELECT * FROM secret_versions;
            CREATE TABLE kept_scopes AS SELECT * FROM scopes;
            CREATE TABLE kept_tokens AS SELECT * FROM tokens;
            CREATE TABLE kept_events AS SELECT * FROM events;
            CREATE TABLE kept_state AS SELECT * FROM state
            """)
        return world
    }

    /// Expects that both looks find the damage, and that neither changes the file.
    private func expect(_ damage: Set<Damage>, in vault: Vault) async throws {
        let before = try folder.rows(of: "state")
        let found = try await vault.verify().damage
        #expect(Set(found) == damage)
        #expect(found.count == damage.count)
        do {
            try await vault.checkSums()
            Issue.record("the sums hold")
        } catch {
            guard case .inconsistent = error else { throw error }
        }
        #expect(try folder.rows(of: "state") == before)
    }

    @Test("a good vault verifies, and says what it holds")
    func good() async throws {
        let world = try await world()
        let result = try await world.vault.verify()
        #expect(result.isClean)
        #expect(
            result.counts
                == Verification.Counts(keySlots: 1, scopes: 2, secrets: 3, versions: 2, tokens: 1, events: 8))
        #expect(result.epoch == 8)
        try await world.vault.checkSums()
    }

    @Test("a key slot that does not read as one is named by its number")
    func keySlot() async throws {
        let world = try await world()
        try folder.tamper("UPDATE key_slots SET slot = 5, salt = x'00'")
        try await expect([Damage(.altered, .keySlot(5))], in: world.vault)
    }

    @Test("a deleted row is missing, by its id")
    func missing() async throws {
        let world = try await world()
        try folder.tamper("DELETE FROM secrets WHERE sequence = 2")
        try await expect([Damage(.missing, .secret(world.other))], in: world.vault)
        try folder.tamper("DELETE FROM tokens")
        try folder.tamper("DELETE FROM secret_versions WHERE value_revision = 1")
        try await expect(
            [
                Damage(.missing, .secret(world.other)), Damage(.missing, .token(world.token.id)),
                Damage(.missing, .version(world.secret, 1)),
            ], in: world.vault)
    }

    @Test("a deleted project is missing, and its secrets belong to nothing")
    func missingScope() async throws {
        let world = try await world()
        try folder.tamper("DELETE FROM scopes WHERE sequence = 2")
        let damage = try await world.vault.verify().damage
        #expect(damage.contains(Damage(.missing, .scope(world.project))))
        #expect(Set(damage) == [Damage(.missing, .scope(world.project)), Damage(.altered, .secret(world.inProject))])
    }

    @Test("rows that were deleted by their owner and put back are added, by their ids")
    func added() async throws {
        let world = try await world()
        try await world.vault.deleteSecret(world.other)
        try await world.vault.pruneTokens(by: .tester, now: .max)
        try folder.tamper("INSERT INTO secrets SELECT * FROM kept_secrets WHERE sequence = 2")
        try folder.tamper("INSERT INTO tokens SELECT * FROM kept_tokens")
        try await expect(
            [Damage(.added, .secret(world.other)), Damage(.added, .token(world.token.id))], in: world.vault)
    }

    @Test("a project that was deleted by its owner and put back with its secrets is added")
    func addedScope() async throws {
        let world = try await world()
        try await world.vault.deleteProject(world.project)
        try folder.tamper("INSERT INTO scopes SELECT * FROM kept_scopes WHERE sequence = 2")
        try folder.tamper("INSERT INTO secrets SELECT * FROM kept_secrets WHERE sequence = 3")
        try await expect(
            [Damage(.added, .scope(world.project)), Damage(.added, .secret(world.inProject))], in: world.vault)
    }

    @Test("a former value that went out of the last ten and was put back is added")
    func addedVersion() async throws {
        let world = try await world()
        for number in 0..<9 { _ = try await world.vault.rotate(world.secret, to: "value \(number)") }
        try folder.tamper("INSERT INTO secret_versions SELECT * FROM kept_versions WHERE value_revision = 1")
        try await expect([Damage(.added, .version(world.secret, 1))], in: world.vault)
    }

    @Test("a revoked token's row from before it was revoked is replayed, although it opens")
    func revived() async throws {
        let world = try await world()
        try await world.vault.revokeToken(world.token.id)
        try folder.tamper("DELETE FROM tokens; INSERT INTO tokens SELECT * FROM kept_tokens")
        try await expect([Damage(.replayed, .token(world.token.id))], in: world.vault)
    }

    @Test("an older row put back in place of a newer is replayed, although it opens")
    func replayed() async throws {
        let world = try await world()
        _ = try await world.vault.updateMetadata(of: world.other, defaultAvailable: true, now: 9)
        try folder.tamper("DELETE FROM secrets WHERE sequence = 2")
        try folder.tamper("INSERT INTO secrets SELECT * FROM kept_secrets WHERE sequence = 2")
        #expect(try await world.vault.metadata(of: world.other).defaultAvailable == false)
        try await expect([Damage(.replayed, .secret(world.other))], in: world.vault)
    }

    @Test(
        "a row that does not open is altered, by its id",
        arguments: [
            ("secrets", "sealed_metadata"), ("secrets", "sealed_value"), ("secrets", "name_tag"),
            ("secret_versions", "sealed_version"), ("secret_versions", "sealed_value"), ("tokens", "sealed_details"),
            ("scopes", "sealed_details"), ("events", "sealed_event"),
        ])
    func altered(table: String, column: String) async throws {
        let world = try await world()
        let condition = table == "secret_versions" ? "value_revision = 2" : "sequence = 1"
        try folder.tamper("UPDATE \(table) SET \(column) = flip(\(column)) WHERE \(condition)")
        let place: Damage.Place =
            switch table {
            case "secrets": .secret(world.secret)
            case "secret_versions": .version(world.secret, 2)
            case "tokens": .token(world.token.id)
            case "scopes": .scope(world.vault.id)
            default: .event(1)
            }
        try await expect([Damage(.altered, place)], in: world.vault)
    }

    @Test("a value of another type is a row that cannot be read")
    func unreadable() async throws {
        let world = try await world()
        try folder.tamper(
            "CREATE TABLE loose AS SELECT * FROM tokens; DROP TABLE tokens; ALTER TABLE loose RENAME TO tokens")
        try folder.tamper("UPDATE tokens SET token_id = NULL")
        let damage = try await world.vault.verify().damage
        #expect(damage.contains(Damage(.altered, .rows(table: "tokens", count: 1))))
    }

    @Test("a slot that was added, and one that is gone, are told")
    func slots() async throws {
        let world = try await world()
        try folder.tamper(
            """
            INSERT INTO key_slots
            SELECT 2, kind, operations, memory, randomblob(16), randomblob(72) FROM key_slots
            """)
        try await expect([Damage(.added, .rows(table: "key_slots", count: 1))], in: world.vault)
        try folder.tamper("DELETE FROM key_slots")
        try await expect([Damage(.missing, .rows(table: "key_slots", count: 1))], in: world.vault)
    }

    @Test("a slot whose cost was changed while the vault was open is noticed")
    func slotContent() async throws {
        let world = try await world()
        try folder.tamper("UPDATE key_slots SET operations = operations + 1")
        try await expect([Damage(.replayed, .unknown)], in: world.vault)
    }

    @Test("events out of their order are too many, and missing from their place")
    func disorderedEvents() async throws {
        let vault = try await folder.newVault()
        for name in ["A", "B", "C"] { _ = try await vault.add(name) }
        try await vault.close()
        var content = try Data(contentsOf: URL(filePath: folder.vaultPath))
        let page = (Int(try folder.integers("SELECT rootpage FROM sqlite_schema WHERE name = 'events'")[0]) - 1) * 4096
        // A leaf of a table; the place of its third cell; the length of that takes two bytes, and its number one.
        #expect(content[page] == 13)
        let cell = page + Int(content[page + 12]) << 8 + Int(content[page + 13])
        #expect(content[cell + 2] == 3)
        content[cell + 2] = 1
        try folder.place(content)
        let damage = try await folder.openVault().verify().damage
        #expect(damage.contains(Damage(.added, .event(1))))
        #expect(damage.contains(Damage(.missing, .event(3))))
    }

    @Test("events that are missing, beyond the end, or exchanged are told")
    func events() async throws {
        let world = try await world()
        try folder.tamper("DELETE FROM events WHERE sequence IN (3, 8)")
        try await expect(
            [Damage(.missing, .event(3)), Damage(.missing, .event(8))], in: world.vault)
        try folder.tamper("INSERT INTO events SELECT * FROM kept_events WHERE sequence IN (3, 8)")
        try await world.vault.checkSums()
        try folder.tamper("INSERT INTO events SELECT 9, sealed_event FROM events WHERE sequence = 8")
        try await expect([Damage(.added, .event(9))], in: world.vault)
        try folder.tamper("DELETE FROM events WHERE sequence = 9")
        try folder.tamper(
            "UPDATE events SET sealed_event = (SELECT sealed_event FROM kept_events k WHERE k.sequence = 9 - events.sequence)"
        )
        let damage = try await world.vault.verify().damage
        #expect(Set(damage) == Set((1...8).map { Damage(.altered, .event($0)) }))
    }

    @Test("an event that stands where the next belongs is told to who writes")
    func nextEvent() async throws {
        let world = try await world()
        try folder.tamper("INSERT INTO events SELECT 9, sealed_event FROM events WHERE sequence = 8")
        await #expect(throws: VaultError.inconsistent([Damage(.added, .event(9))])) {
            _ = try await world.vault.add("NEXT")
        }
        #expect(try await world.vault.names() == ["SECRET", "OTHER"])
    }

    @Test("a secret that an index leaves out is noticed, though its row is there")
    func hiddenFromIndex() async throws {
        let world = try await world()
        try folder.tamper(Self.dropKept)
        try folder.tamper(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = 'CREATE INDEX secrets_in_order ON secrets (scope_id, sequence) WHERE sequence <> 2'
            WHERE name = 'secrets_in_order'
            """)
        try folder.tamper("REINDEX secrets_in_order")
        try folder.tamper(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = 'CREATE INDEX secrets_in_order ON secrets (scope_id, sequence)'
            WHERE name = 'secrets_in_order'
            """)
        let vault = try await folder.openVault()
        #expect(try await vault.names() == ["SECRET"])
        await #expect(throws: VaultError.inconsistent([Damage(.altered, .file)])) { try await vault.checkSums() }
        #expect(try await vault.verify().damage == [Damage(.altered, .file)])
        withExtendedLifetime(world) {}
    }

    @Test("an older state put back does not fit the rows")
    func olderState() async throws {
        let world = try await world()
        _ = try await world.vault.add("LATER")
        try folder.tamper("UPDATE state SET sealed_state = (SELECT sealed_state FROM kept_state)")
        // This process has seen the newer one.
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 9, found: 8))) { try await world.vault.verify() }
        await #expect(throws: VaultError.rolledBack(Rollback(seen: 9, found: 8))) { _ = try await world.vault.add("X") }
        try folder.tamper(Self.dropKept)
        let reopened = try await folder.openVault()
        await #expect(throws: VaultError.self) { try await reopened.checkSums() }
        let damage = try await reopened.verify().damage
        #expect(damage.contains(Damage(.added, .event(9))))
    }

    @Test(
        "a state that was altered or is gone lets nobody in",
        arguments: ["UPDATE state SET sealed_state = flip(sealed_state)", "DELETE FROM state"])
    func noState(sql: String) async throws {
        try await folder.placeVault()
        try folder.tamper(sql)
        await #expect(throws: VaultError.damaged(.state)) { _ = try await folder.openVault() }
    }

    @Test("a write over a tampered row does not make the vault whole again")
    func notLaundered() async throws {
        let world = try await world()
        _ = try await world.vault.updateMetadata(of: world.other, defaultAvailable: true, now: 9)
        try folder.tamper("DELETE FROM secrets WHERE sequence = 2")
        try folder.tamper("INSERT INTO secrets SELECT * FROM kept_secrets WHERE sequence = 2")
        _ = try await world.vault.updateMetadata(of: world.other, name: "RENAMED", now: 9)
        await #expect(throws: VaultError.self) { try await world.vault.checkSums() }
        #expect(try await world.vault.verify().isClean == false)
    }

    private static let dropKept = ["secrets", "versions", "scopes", "tokens", "events", "state"]
        .map { "DROP TABLE kept_\($0)" }.joined(separator: ";")
}
