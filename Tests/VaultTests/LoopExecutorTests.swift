import Dispatch
import Glibc
import Sodium
import Synchronization
import Testing

@testable import Vault

/// A task and its vault on the one thread that waits for them.
@Suite struct LoopExecutorTests {
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

    @Test("what was put off runs in the order of its time, and only when nothing else is left to do")
    func timers() async throws {
        let order = Mutex<[Int]>([])
        try await inLoop { loop in
            loop.submit(afterMilliseconds: 20) { order.withLock { $0.append(2) } }
            loop.submit(afterMilliseconds: 1) { order.withLock { $0.append(1) } }
            loop.submit(afterMilliseconds: 20) { order.withLock { $0.append(3) } }
            loop.submit { order.withLock { $0.append(0) } }
            usleep(30_000)
            #expect(order.withLock { $0 } == [])
            await Task.yield()
            while order.withLock({ $0.count }) < 4 { try await Task.sleep(for: .milliseconds(1)) }
        }
        #expect(order.withLock { $0 } == [0, 1, 2, 3])
    }

    @Test("keys that nobody asks for come to rest, in a loop and elsewhere", arguments: [true, false])
    func rest(inLoop: Bool) async throws {
        try await folder.placeVault()
        let path = folder.vaultPath
        let body: @Sendable (LoopExecutor?) async throws -> Void = { _ in
            let vault = try await Vault.open(at: path)
            try await vault.unlock(passphrase: SecureBytes(Folder.passphrase))
            #expect(try await vault.keysAreReadableWhenUsed())
            while await vault.unlocked?.isReadable == true { try await Task.sleep(for: .milliseconds(5)) }
            #expect(try await vault.names() == [])
        }
        if inLoop { try await self.inLoop(body) } else { try await body(nil) }
    }
}

extension Vault {
    /// Whether the keys are readable right after they were used.
    fileprivate func keysAreReadableWhenUsed() throws -> Bool {
        _ = try names()
        return unlocked?.isReadable == true
    }
}
