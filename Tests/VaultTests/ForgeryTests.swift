import Glibc
import Sodium
import Testing

@testable import Vault

/// Files that no program would write, made to end this one. Tried out in a child process, in case they do.
@Suite struct ForgeryTests {
    /// Rebuilds `table` without the types and checks of the schema, so that any column takes any value.
    private static func loosen(_ table: String) -> String {
        "CREATE TABLE loose AS SELECT * FROM \(table); DROP TABLE \(table); ALTER TABLE loose RENAME TO \(table);"
    }

    @Test(
        "a key slot with columns of other types is refused",
        arguments: ["slot", "kind", "operations", "memory", "salt", "wrapped_root_key"], ["NULL", "x'ff'", "-1.5"])
    func slotTypes(column: String, value: String) async {
        await withKnownIssue {
            await #expect(processExitsWith: .success) { [column, value] in
                signal(SIGILL, SIG_DFL)
                let folder = Folder()
                try await folder.createVault()
                try folder.tamper(Self.loosen("key_slots") + "UPDATE key_slots SET \(column) = \(value)")
                let vault = try await Vault.open(at: folder.vaultPath)
                await #expect(throws: VaultError.self) {
                    try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
                }
            }
        } when: {
            column == "kind" && value != "-1.5"
        }
    }

    @Test(
        "a secret with columns of other types is not revealed",
        arguments: [
            "sequence", "secret_id", "scope_id", "name_tag", "metadata_revision", "value_revision", "sealed_metadata",
            "sealed_value",
        ], ["NULL", "x'ff'", "'text'", "-1.5"])
    func secretTypes(column: String, value: String) async throws {
        let folder = Folder()
        let vault = try await folder.newVault()
        let id = try await vault.add("NAME")
        try folder.tamper(Self.loosen("secrets") + "UPDATE secrets SET \(column) = \(value)")
        await #expect(throws: VaultError.self) { _ = try await vault.reveal(id) }
    }

    // Each seals the row's sequence before the row is written, so it asks for the next one first.
    @Test(
        "a counter of rows that was changed makes no row, rather than one out of order",
        arguments: ["9223372036854775807", "0", "-5", "'text'", "NULL"])
    func sequence(value: String) async {
        await withKnownIssue {
            await #expect(processExitsWith: .success) { [value] in
                signal(SIGILL, SIG_DFL)
                let folder = Folder()
                let vault = try await folder.newVault()
                _ = try await vault.add("FIRST")
                try folder.tamper("UPDATE sqlite_sequence SET seq = \(value)")
                let error = await #expect(throws: VaultError.self) { try await vault.add("SECOND") }
                guard case .damaged = error else { throw error! }
                #expect(try folder.integers("SELECT count(*) FROM secrets") == [1])
            }
        } when: {
            !["'text'", "NULL"].contains(value)
        }
    }

    @Test("a token whose name takes as many bytes as the rules allow is stored")
    func longestTokenName() async {
        await withKnownIssue {
            await #expect(processExitsWith: .success) {
                signal(SIGILL, SIG_DFL)
                let folder = Folder()
                let vault = try await folder.newVault()
                let token = Token(String(repeating: "🔑", count: 64))
                try await vault.addToken(token)
                #expect(try await vault.tokens() == [token])
            }
        }
    }
}
