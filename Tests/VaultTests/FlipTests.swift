import Foundation
import GRDB
import Sodium
import Testing

@testable import Vault

/// One bit is flipped in the file of a vault of fifty secrets: nothing is ever read as something else.
///
/// At some bytes here, and at every one where `COFFER_FLIPS=all` (`scripts/torture flips`). The program itself is tried at
/// some by `Tests/Torture/test_flips.py`.
@Suite struct FlipTests {
    private static let shares = 2
    private static let isWhole = ProcessInfo.processInfo.environment["COFFER_FLIPS"] == "all"
    private static let tables = [
        "vault", "key_slots", "scopes", "secrets", "secret_versions", "tokens", "state", "events",
    ]

    @Test("a flipped bit is an error or nobody's concern, and reported where it matters", arguments: 0..<shares)
    func flips(share: Int) async throws {
        let folder = Folder()
        let project = try await fill(folder)
        let opened = try await folder.openVault().openSlot(with: SecureBytes(Folder.passphrase))
        let whole = try Data(contentsOf: URL(filePath: folder.vaultPath))
        let rows = try Self.tables.map { try folder.rows(of: $0) }
        let truth = await Reading(folder, opened.rootKey, project)
        #expect(truth.found.count == 50 && truth.isClean && !truth.isRefused)

        let step = Self.isWhole ? Self.shares : max(Self.shares, whole.count / 100)
        let first = Self.isWhole ? share : .random(in: 0..<step)
        var (count, refused, reported) = (0, 0, 0)
        for byte in stride(from: first, to: whole.count, by: step) {
            var bad = whole
            let bit = Self.isWhole ? byte % 8 : .random(in: 0..<8)
            bad[byte] ^= 1 << UInt8(bit)
            try folder.replace(bad)
            let reading = await Reading(folder, opened.rootKey, project)
            for (id, found) in reading.found {
                #expect(truth.found[id] == found, "byte \(byte), bit \(bit): read as another")
            }
            let isAffected = reading.isRefused || reading.found.count != truth.found.count
            (count, refused) = (count + 1, refused + (isAffected ? 1 : 0))
            guard reading.isClean else {
                reported += 1
                continue
            }
            #expect(!isAffected, "byte \(byte), bit \(bit): verify calls it sound")
            try folder.replace(bad)
            let isSame = try Self.tables.map { try folder.rows(of: $0) } == rows
            #expect(isSame, "byte \(byte), bit \(bit): verify sees no other row")
        }
        // The control: it was the flips.
        try folder.replace(whole)
        #expect(await Reading(folder, opened.rootKey, project) == truth)
        #expect(refused > 0 && reported > 0)
        guard Self.isWhole else { return }
        print("flips: of \(count) bytes, \(refused) refused by reads, \(reported) reported by verify")
    }

    /// Makes a vault of fifty secrets of many sizes, ten of them in a project, with former values and two tokens. Returns
    /// the project.
    private func fill(_ folder: Folder) async throws -> Identifier {
        let vault = try await folder.newVault()
        let project = try await vault.addProject()
        for number in 0..<50 {
            let id = try await vault.add(
                "SECRET_\(number)", "value of \(number) " + String(repeating: "x", count: number * number % 400),
                project: number < 40 ? nil : project)
            if number.isMultiple(of: 10) { _ = try await vault.rotate(id, to: "another value of \(number)") }
        }
        for name in ["one", "two"] {
            try await vault.addToken(Token(name, projects: [project]), by: .tester, now: 2_000)
        }
        try await vault.close()
        return project
    }
}

/// What can be read of a vault, without its passphrase being derived.
private struct Reading: Equatable {
    /// All secrets that were listed and whose values opened.
    private(set) var found: [Identifier: Content] = [:]
    /// Whether anything was refused.
    private(set) var isRefused = false
    /// Whether `verify` finds nothing wrong.
    private(set) var isClean = false

    struct Content: Equatable {
        let metadata: SecretMetadata
        let value: [UInt8]
    }

    init(_ folder: Folder, _ rootKey: borrowing SecretKey, _ project: Identifier) async {
        do throws(VaultError) {
            let vault = try await Vault.open(at: folder.vaultPath)
            await read(vault, rootKey, project)
            try? await vault.close()
        } catch {
            isRefused = true
        }
    }

    private mutating func read(_ vault: Vault, _ rootKey: borrowing SecretKey, _ project: Identifier) async {
        do throws(VaultError) {
            try await vault.unlockUnchecked(with: rootKey)
            for scope in [nil, project] {
                for metadata in try await vault.secrets(project: scope).secrets {
                    // A list that is good may stand before a value that is not.
                    guard let value = try? await vault.value(of: metadata.id) else {
                        isRefused = true
                        continue
                    }
                    found[metadata.id] = Content(metadata: metadata, value: value)
                }
            }
        } catch {
            isRefused = true
        }
        isClean = (try? await vault.verify().isClean) ?? false
    }
}

extension Vault {
    /// Unlocks as a session does.
    fileprivate func unlockUnchecked(with rootKey: borrowing SecretKey) throws(VaultError) {
        _ = try adopt(rootKey, connection.read(KeySlot.fetchAll), acceptingRollback: false)
    }

    /// The value of a secret, without the log being told.
    fileprivate func value(of id: Identifier) throws(VaultError) -> [UInt8] {
        let row = try connection.read { try SecretRow.existing(id, .metadataAndValue, from: $0) }
        let keys = try keys()
        _ = try keys.metadata(row)
        return try keys.value(row).array
    }
}

extension Folder {
    /// Makes `content` all that there is of the vault.
    fileprivate func replace(_ content: Data) throws {
        for suffix in ["-wal", "-shm", "-journal"] { unlink(vaultPath + suffix) }
        try place(content)
    }
}
