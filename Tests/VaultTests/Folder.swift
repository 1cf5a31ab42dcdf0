import Foundation
import GRDB
import Sodium

@testable import Vault

/// A folder of its own for one test, with a place for a vault in it; removed when the test is done.
final class Folder: Sendable {
    static let passphrase = "correct horse battery staple"

    let path: String

    init() {
        path = NSTemporaryDirectory() + "coffer-vault-" + UUID().uuidString
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Where the vault lies, in a folder that does not exist until it is created.
    var vaultPath: String { path + "/data/vault.coffer" }

    /// What lies beside the vault, in order.
    var siblings: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/data")) ?? []).sorted()
    }

    func createVault(_ passphrase: String = passphrase, random: RandomSource = .system) async throws {
        try await Vault.create(
            at: vaultPath, passphrase: SecureBytes(passphrase), cost: .lowest, by: .user("tester"), now: 1_000,
            random: random)
    }

    /// The vault, which must exist, unlocked.
    func openVault() async throws -> Vault {
        let vault = try await Vault.open(at: vaultPath)
        try await vault.unlock(passphrase: SecureBytes(Self.passphrase))
        return vault
    }

    /// Puts a vault with nothing in it in its place: the same for all tests, because deriving keys takes its time.
    func placeVault() async throws {
        try place(try await Self.emptyVault.value)
    }

    /// The vault of ``placeVault()``, unlocked.
    func newVault() async throws -> Vault {
        try await placeVault()
        return try await openVault()
    }

    private static let emptyVault = Task {
        let folder = Folder()
        try await folder.createVault()
        return try Data(contentsOf: URL(filePath: folder.vaultPath))
    }

    /// Puts `content` in the vault's place.
    func place(_ content: Data) throws {
        try FileManager.default.createDirectory(atPath: path + "/data", withIntermediateDirectories: true)
        try content.write(to: URL(filePath: vaultPath))
    }

    /// Another folder with what a power cut would leave now: the file and its log, without the shared memory.
    func crashed() throws -> Folder {
        let copy = Folder()
        try FileManager.default.createDirectory(atPath: copy.path + "/data", withIntermediateDirectories: true)
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: vaultPath + suffix, toPath: copy.vaultPath + suffix)
        }
        return copy
    }

    /// Changes the file behind the vault's back, without its key; `flip(blob)` is `blob` with one bit changed.
    func tamper(_ sql: String) throws {
        try raw { try $0.execute(sql: sql) }
    }

    /// Runs `body` while another connection is writing to the vault.
    func whileLocked(_ body: () async throws -> Void) async throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: vaultPath, configuration: configuration)
        try await queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        try await body()
        try await queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }

    /// All that is stored in `table`, to be compared.
    func rows(of table: String) throws -> [Row] {
        try raw { try Row.fetchAll($0, sql: "SELECT * FROM \(table) ORDER BY 1") }
    }

    /// The first column of what `sql` selects.
    func blobs(_ sql: String) throws -> [[UInt8]] { try raw { try Data.fetchAll($0, sql: sql).map(Array.init) } }
    func integers(_ sql: String) throws -> [Int64] { try raw { try Int64.fetchAll($0, sql: sql) } }
    func strings(_ sql: String) throws -> [String] { try raw { try String.fetchAll($0, sql: sql) } }

    /// The one identifier that `sql` selects.
    func identifier(_ sql: String) throws -> Identifier { Identifier(bytes: try blobs(sql)[0])! }

    private func raw<R>(_ body: (Database) throws -> R) throws -> R {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: vaultPath, configuration: configuration)
        return try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            database.add(
                function: DatabaseFunction("flip", argumentCount: 1, pure: true) { values in
                    var blob = Data.fromDatabaseValue(values[0])!
                    blob[blob.count / 2] ^= 1
                    return blob
                })
            return try body(database)
        }
    }
}
