import Foundation
import Sodium
import Testing

@testable import Vault

/// New keys for everything: what stays, what goes, and who notices.
@Suite struct RekeyTests {
    private let folder = Folder()
    private var notes: String { folder.path + "/state" }

    private func open(_ passphrase: String = Folder.passphrase) async throws -> Vault {
        let vault = try await Vault.open(at: folder.vaultPath, notes: notes)
        try await vault.unlock(passphrase: SecureBytes(passphrase))
        return vault
    }

    @discardableResult
    private func rekey(_ vault: Vault, _ passphrase: String = Folder.passphrase) async throws -> Bool {
        try await vault.rekey(passphrase: SecureBytes(passphrase), by: .tester, now: 6_000)
    }

    /// A vault with something in every table.
    private func filledVault() async throws -> (vault: Vault, project: Identifier, token: Token) {
        try await folder.placeVault()
        let vault = try await open()
        let project = try await vault.addProject("Web")
        let rotated = try await vault.add("ROTATED", "value 1")
        for number in 2...13 { _ = try await vault.rotate(rotated, to: "value \(number)") }
        for number in 1...30 { _ = try await vault.add("PROJECT_\(number)", "value \(number)", project: project) }
        var values = SecureBuffer(capacity: 4096)
        var ends: [Int] = []
        for number in 1...300 {
            values.append("many \(number)".utf8)
            ends.append(values.count)
        }
        _ = try await vault.createSecrets(
            (1...300).map { NewSecret("MANY_\($0)") }, values: SecureList(values.finish(), ends: ends), project: nil,
            onConflict: .fail, now: 2_000)
        let token = Token("ci")
        try await vault.addToken(token)
        return (vault, project, token)
    }

    private struct Content: Equatable {
        var secrets: [SecretMetadata] = []
        var values: [String] = []
        var versions: [[SecretVersion]] = []
        var former: [String] = []
        var projects: [Project] = []
    }

    private func content(_ vault: Vault) async throws -> Content {
        var content = Content(projects: try await vault.projects())
        for project in [nil] + content.projects.map({ $0.id }) {
            content.secrets += try await vault.secrets(project: project).secrets
        }
        for secret in content.secrets {
            content.values.append(try await vault.text(of: secret.id))
            let former = try await vault.versions(of: secret.id).former
            content.versions.append(former)
            for version in former {
                content.former.append(try await vault.text(of: secret.id, version: version.revision))
            }
        }
        return content
    }

    /// Each column in which something sealed, wrapped or hashed under a key stands.
    private static let columns = [
        "key_slots.wrapped_root_key", "key_slots.salt", "scopes.wrapped_scope_key", "scopes.sealed_details",
        "secrets.name_tag", "secrets.sealed_metadata", "secrets.sealed_value", "secret_versions.sealed_version",
        "secret_versions.sealed_value", "state.sealed_state", "events.sealed_event", "tokens.sealed_details",
    ]

    private func boxes() throws -> [[UInt8]] {
        try Self.columns.flatMap { column in
            let parts = column.split(separator: ".")
            return try folder.blobs("SELECT \(parts[1]) FROM \(parts[0])")
        }
    }

    @Test("values, former values, metadata and projects stay as they were, and the vault verifies")
    func same() async throws {
        let (vault, _, _) = try await filledVault()
        // More than are read at a time.
        for number in 10..<30 {
            _ = try await vault.add("LARGE_\(number)", String(repeating: "\(number)", count: 30_000))
        }
        let before = try await content(vault)
        #expect(before.former.count == 10 && before.values.count == 351)
        try await rekey(vault)
        #expect(try await content(vault) == before)
        #expect(try await vault.verify().isClean)
        try await vault.close()
        let again = try await open()
        #expect(try await content(again) == before)
        _ = try await again.add("ANOTHER")
        #expect(try await again.verify().isClean)
    }

    @Test("no box is what it was, and once the vault is closed no old one is left in the file")
    func anew() async throws {
        let (vault, _, _) = try await filledVault()
        let old = try boxes()
        #expect(old.count > 331 * 3)
        let emptied = try await rekey(vault)
        #expect(emptied)
        let new = Set(try boxes())
        #expect(old.allSatisfy { !new.contains($0) })
        try await vault.close()
        #expect(folder.siblings == ["vault.coffer"])
        let file = try Data(contentsOf: URL(filePath: folder.vaultPath))
        // The last bytes of each, which no other has.
        let left = old.count { box in file.range(of: Data(box.suffix(16))) != nil }
        #expect(left == 0)
        let found = new.count { box in file.range(of: Data(box.suffix(16))) != nil }
        #expect(found == new.count)
    }

    @Test("tokens and recovery codes are revoked, and the log has it, and all that came before")
    func revoked() async throws {
        let (vault, _, token) = try await filledVault()
        let code = RecoveryCode()
        let opened = try await vault.openSlot(with: SecureBytes(Folder.passphrase))
        try await vault.createRecoveryCode(code, with: opened, by: .tester, now: 3_000)
        let before = try await vault.events(limit: 1_000)
        try await rekey(vault)
        #expect(try await vault.tokens() == [])
        #expect(try await vault.summary().slots.map(\.kind) == [.passphrase])
        let other = try await Vault.open(at: folder.vaultPath)
        await #expect(throws: VaultError.wrongRecoveryCode) { try await other.unlock(passphrase: code.text()) }
        let after = try await vault.events(limit: 1_000)
        #expect(after.dropLast() == before[...])
        #expect(after.last?.event.kind == .rekeyed && after.last?.event.actor == .tester)
        #expect(after.last?.event.subjects.map(\.id) == [token.id])
    }

    @Test("a token that it revoked is no missing one")
    func explained() async throws {
        let (vault, _, _) = try await filledVault()
        try await rekey(vault)
        let later = Token("later")
        try await vault.addToken(later)
        try await vault.close()
        try folder.tamper("DELETE FROM tokens")
        #expect(try await open().verify().damage == [Damage(.missing, .token(later.id))])
    }

    @Test("a log whose first events were removed still verifies")
    func pruned() async throws {
        let (vault, _, _) = try await filledVault()
        _ = try await vault.pruneLog(before: 20, by: .tester, now: 5_000)
        try await rekey(vault)
        try await rekey(vault)
        #expect(try await vault.verify().isClean)
        #expect(try await vault.events(limit: 1_000).first?.sequence == 20)
    }

    @Test("who still has the old keys reads nothing and writes nothing, and is told why")
    func oldKeys() async throws {
        let (vault, project, token) = try await filledVault()
        let running = try await open()
        _ = try await running.secrets(project: project)
        let id = try await running.metadata(named: "ROTATED", project: nil).id
        _ = try await running.token(token.id)
        try await rekey(vault)
        let rows = try folder.rows(of: "secrets")
        await #expect(throws: VaultError.keysChanged) { _ = try await running.add("NAME") }
        await #expect(throws: VaultError.keysChanged) { _ = try await running.rotate(id, to: "value") }
        await #expect(throws: VaultError.keysChanged) { _ = try await running.text(of: id) }
        await #expect(throws: VaultError.keysChanged) { try await running.addToken(Token("late")) }
        await #expect(throws: VaultError.keysChanged) { _ = try await running.verify() }
        await #expect(throws: VaultError.self) { _ = try await running.names() }
        await #expect(throws: VaultError.noSuchToken) { _ = try await running.token(token.id) }
        #expect(try folder.rows(of: "secrets") == rows)
        try await running.unlock(passphrase: SecureBytes(Folder.passphrase))
        #expect(try await running.text(of: id) == "value 13")
    }

    @Test("a mark from before, as a crash leaves it or an old program writes it, is no damage and no rollback")
    func mark() async throws {
        let (vault, _, _) = try await filledVault()
        let running = try await open()
        let path = URL(filePath: "\(notes)/\(vault.id).mark")
        let before = try Data(contentsOf: path)
        try await rekey(vault)
        try await vault.close()
        #expect(try Data(contentsOf: path) != before)
        try before.write(to: path)
        try await open().close()
        let after = try Data(contentsOf: path)
        #expect(after != before)
        try await running.close()
        try await open().close()
        #expect(try Data(contentsOf: path) == after)
    }

    @Test("a copy from before it, under the old keys, is refused as an older one")
    func older() async throws {
        let (vault, _, _) = try await filledVault()
        try await vault.close()
        let older = try Data(contentsOf: URL(filePath: folder.vaultPath))
        let again = try await open()
        try await rekey(again)
        let epoch = try await again.verify().epoch
        try await again.close()
        try folder.place(older)
        await #expect(throws: VaultError.rolledBack(Rollback(seen: epoch, found: epoch - 1))) { _ = try await open() }
    }

    @Test(
        "a damaged vault is refused, and stays as it is",
        arguments: [
            "DELETE FROM secrets WHERE sequence = 100", "DELETE FROM secret_versions WHERE value_revision = 5",
            "DELETE FROM tokens", "DELETE FROM events WHERE sequence = 7",
            "UPDATE secrets SET sealed_value = flip(sealed_value) WHERE sequence = 200",
            "UPDATE events SET sealed_event = flip(sealed_event) WHERE sequence = 7",
            "UPDATE scopes SET sealed_details = flip(sealed_details) WHERE sequence = 2",
            "INSERT INTO secret_versions SELECT secret_id, 1, sealed_metadata, sealed_value FROM secrets WHERE sequence = 9",
            "INSERT INTO key_slots SELECT 2, kind, operations, memory, salt, wrapped_root_key FROM key_slots",
        ])
    func damaged(sql: String) async throws {
        let (vault, _, _) = try await filledVault()
        try await vault.close()
        try folder.tamper(sql)
        let again = try await open()
        let before = try boxes()
        do {
            try await rekey(again)
            Issue.record("a damaged vault got new keys")
        } catch VaultError.inconsistent(let damage) {
            #expect(!damage.isEmpty)
        } catch VaultError.damaged {}
        #expect(try boxes() == before)
    }

    @Test("a wrong passphrase, and a recovery code, change nothing")
    func refused() async throws {
        let (vault, _, _) = try await filledVault()
        let code = RecoveryCode()
        let opened = try await vault.openSlot(with: SecureBytes(Folder.passphrase))
        try await vault.createRecoveryCode(code, with: opened, by: .tester, now: 3_000)
        let before = try boxes()
        await #expect(throws: VaultError.wrongPassphrase) { try await rekey(vault, "wrong") }
        await #expect(throws: VaultError.passphraseNeeded) {
            _ = try await vault.rekey(passphrase: code.text(), by: .tester, now: 6_000)
        }
        #expect(try boxes() == before)
    }

    @Test("progress is told, up to the number of rows")
    func progress() async throws {
        let (vault, _, _) = try await filledVault()
        let total = try await vault.verify().counts
        nonisolated(unsafe) var steps: [(Int, Int)] = []
        _ = try await vault.rekey(passphrase: SecureBytes(Folder.passphrase), by: .tester, now: 6_000) {
            steps.append(($0, $1))
        }
        let rows = total.keySlots + total.scopes + total.secrets + total.versions + total.tokens + total.events
        #expect(!steps.isEmpty && steps.allSatisfy { $0.0 <= $0.1 && $0.1 == rows })
    }
}
