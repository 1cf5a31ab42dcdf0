internal import GRDB
internal import Sodium
internal import Synchronization

/// Lets writes that come while the disk is syncing share the next sync.
///
/// A durable commit costs a sync whatever its size, so writes that wait for one are put into one transaction. Each has a
/// savepoint of its own: one that fails takes none of the others with it, and each is acknowledged only when the
/// transaction that holds it is on disk.
final class GroupCommit: Sendable {
    private struct Write {
        let keys: @Sendable () throws(VaultError) -> Unlocked
        let waits: Bool
        let body: @Sendable (Transaction) throws -> Void
        let acknowledge: @Sendable (VaultError?) -> Void
    }

    private let connection: Connection
    private let executor: any VaultExecutor
    private let random: RandomSource
    private let waiting = Mutex<[Write]>([])

    /// Writes through `connection`, on `executor`.
    init(connection: Connection, executor: any VaultExecutor, random: RandomSource) {
        self.connection = connection
        self.executor = executor
        self.random = random
    }

    /// Runs `body` in a transaction with the keys that `keys` gives; what it did is on disk when this returns, and undone
    /// when this throws. Unless it `waits`, it fails where another process is writing.
    func write<R: Sendable>(
        keys: @escaping @Sendable () throws(VaultError) -> Unlocked, waits: Bool = true,
        _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(VaultError) -> R {
        // Safe: written before the write is acknowledged and read after.
        nonisolated(unsafe) var result: R?
        // Unchecked, for a command would wait for the runtime to make the checked one's type; each is resumed once, below.
        let failure: VaultError? = await withUnsafeContinuation { continuation in
            let write = Write(
                keys: keys, waits: waits,
                body: { transaction in result = try body(transaction) },
                acknowledge: { continuation.resume(returning: $0) })
            let isFirst = waiting.withLock { waiting in
                waiting.append(write)
                return waiting.count == 1
            }
            if isFirst { executor.submit { self.commitWaiting() } }
        }
        if let failure { throw failure }
        return result!
    }

    private func commitWaiting() {
        let batch = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        var failures = [VaultError?](repeating: nil, count: batch.count)
        do throws(VaultError) {
            // All of them come from one vault, and so do their keys.
            try connection.write(with: batch[0].keys(), random, waits: batch.contains(where: \.waits)) { transaction in
                for (index, write) in batch.enumerated() {
                    failures[index] = try Self.run(write, in: transaction)
                }
                // Where all were undone there is nothing to commit.
                if failures.allSatisfy({ $0 != nil }) { throw AllFailed() }
            }
        } catch {
            failures = failures.map { $0 ?? error }
        }
        for (write, failure) in zip(batch, failures) { write.acknowledge(failure) }
    }

    /// Runs one write. Returns why it failed and was undone; throws where the whole transaction is lost with it.
    private static func run(_ write: Write, in transaction: Transaction) throws -> VaultError? {
        do throws(VaultError) {
            try VaultError.mapping {
                try transaction.undoingState {
                    try transaction.database.inSavepoint {
                        try write.body(transaction)
                        return .commit
                    }
                }
            }
            return nil
        } catch {
            // A full disk, for one, makes SQLite roll back everything.
            guard transaction.database.isInsideTransaction else { throw error }
            return error
        }
    }

    private struct AllFailed: Error {}
}
