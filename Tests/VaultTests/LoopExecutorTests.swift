import Dispatch
import Glibc
import Sodium
import Testing

@testable import Vault

/// A task and its vault on the one thread that waits for them.
@Suite(.timeLimit(.minutes(15))) struct LoopExecutorTests {
    private let folder = Folder()

    /// Runs `body` in a loop, on a thread of its own as the program's main thread is; rethrows what it throws.
    private func inLoop(_ body: @escaping @Sendable (LoopExecutor) async throws -> Void) async throws {
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "loop").async {
                let loop = LoopExecutor()
                do { continuation.resume(returning: .success(try loop.run { try await body(loop) })) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        try result.get()
    }

    @Test("a vault that a task opens works on the task's own thread, and all it writes is there")
    func vault() async throws {
        try await folder.createVault()
        let path = folder.vaultPath
        try await inLoop { loop in
            loop.checkIsolated()
            let vault = try await Vault.open(at: path)
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
            _ = try await vault.add("NAME")
            loop.checkIsolated()
            #expect(vault.executor === loop)
            #expect(try await vault.names() == ["NAME"])
            try await vault.close()
        }
        #expect(try await folder.openVault().names() == ["NAME"])
    }

    @Test("outside a loop a vault has a queue of its own")
    func queue() async throws {
        #expect(try await folder.newVault().executor is QueueExecutor)
    }

    @Test("what a task throws is thrown by whoever waits for it")
    func failure() async throws {
        await #expect(throws: VaultError.noVault) {
            try await inLoop { _ in _ = try await Vault.open(at: "/nowhere/vault.coffer") }
        }
    }

    @Test("what other threads hand over wakes a thread that sleeps")
    func otherThreads() async throws {
        try await inLoop { loop in
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(1))
                loop.checkIsolated()
            }
        }
    }

    @Test("keys can be read while the vault works, and not when the task goes on")
    func rest() async throws {
        try await folder.placeVault()
        let path = folder.vaultPath
        try await inLoop { _ in
            let vault = try await Vault.open(at: path)
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
            let keys = try #require(await vault.unlocked)
            for _ in 0..<3 {
                #expect(try await vault.keysAreReadableWhenUsed())
                #expect(!keys.isReadable)
                _ = try await vault.add(Identifier(random: .system).envName)
                #expect(!keys.isReadable)
            }
        }
    }

    @Test("keys that nobody asks for any more come to rest on a queue too")
    func restOnQueue() async throws {
        let vault = try await folder.newVault()
        for _ in 0..<2 {
            #expect(try await vault.keysAreReadableWhenUsed())
            while await vault.unlocked?.isReadable == true { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}

extension Identifier {
    /// A name that no other secret has.
    fileprivate var envName: String { "S_" + description.uppercased().replacing("-", with: "_") }
}

extension Vault {
    /// Whether the keys are readable right after they were used, twice.
    fileprivate func keysAreReadableWhenUsed() throws -> Bool {
        _ = (try names(), try names())
        return unlocked?.isReadable == true
    }
}
