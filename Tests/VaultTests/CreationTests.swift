import Foundation
import Glibc
import Sodium
import Synchronization
import Testing

@testable import Vault

@Suite struct CreationTests {
    private let folder = Folder()
    private let mine = Data("mine".utf8)

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test("a new vault has one slot, the personal scope and nothing else")
    func content() async throws {
        try await folder.createVault()
        let summary = try await Vault.open(at: folder.vaultPath).summary()
        #expect(summary.schemaVersion == 1)
        #expect(summary.slots.map(\.kind) == [.passphrase])
        #expect(summary.slots.map(\.cost) == [.lowest])
        #expect((summary.scopes, summary.secrets, summary.tokens) == (1, 0, 0))
        #expect(try await folder.openVault().names() == [])
    }

    @Test("the file is one's own from the start: 0600, in a folder of 0700")
    func modes() async throws {
        let data = folder.path + "/data"
        let seen = Mutex<[mode_t?]>([])
        // Asked for the first time before the draft is there, then while it is being filled.
        let watching = RandomSource { [folder] buffer in
            RandomSource.system.overwrite(buffer)
            seen.withLock { $0 += folder.siblings.map { mode(data + "/" + $0) } }
        }
        try await folder.createVault(random: watching)
        let draftModes = seen.withLock { $0 }
        #expect(!draftModes.isEmpty)
        #expect(draftModes.allSatisfy { $0 == 0o600 })
        #expect(mode(data) == 0o700)
        #expect(mode(folder.vaultPath) == 0o600)

        let vault = try await folder.openVault()
        _ = try await vault.add("A")
        #expect(folder.siblings == ["vault.coffer", "vault.coffer-shm", "vault.coffer-wal"])
        #expect(folder.siblings.allSatisfy { mode(data + "/" + $0) == 0o600 })
    }

    @Test("a second vault is not created over the first")
    func secondVault() async throws {
        let id = try await folder.newVault().id
        await #expect(throws: VaultError.vaultExists) { try await folder.createVault("another") }
        #expect(try await folder.openVault().id == id)
    }

    @Test("nothing that lies at the place is overwritten", arguments: ["a file", "a folder", "a link to nowhere"])
    func anythingElse(what: String) async throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
        switch what {
        case "a file": try mine.write(to: URL(filePath: folder.vaultPath))
        case "a folder": try files.createDirectory(atPath: folder.vaultPath, withIntermediateDirectories: false)
        default: try files.createSymbolicLink(atPath: folder.vaultPath, withDestinationPath: "nowhere")
        }
        await #expect(throws: VaultError.vaultExists) { try await folder.createVault() }
        #expect(folder.siblings == ["vault.coffer"])
        if what == "a file" { #expect(files.contents(atPath: folder.vaultPath) == mine) }
    }

    @Test("what appears at the place meanwhile stays, and the draft is removed")
    func overtaken() async throws {
        let overtaking = RandomSource { [folder, mine] buffer in
            RandomSource.system.overwrite(buffer)
            if !folder.siblings.isEmpty { try! mine.write(to: URL(filePath: folder.vaultPath)) }
        }
        await #expect(throws: VaultError.vaultExists) { try await folder.createVault(random: overtaking) }
        #expect(folder.siblings == ["vault.coffer"])
        #expect(FileManager.default.contents(atPath: folder.vaultPath) == mine)
    }

    @Test("of many that create it at once, one succeeds")
    func race() async throws {
        let created = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<4 {
                group.addTask { [folder] in (try? await folder.createVault("passphrase \(number)")) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(created == 1)
        #expect(folder.siblings == ["vault.coffer"])
    }

    @Test("a place below a file is no place for a vault")
    func belowFile() async throws {
        try mine.write(to: URL(filePath: folder.path + "/data"))
        await #expect(throws: VaultError.notAVault(.notAFile)) { try await folder.createVault() }
    }
}
