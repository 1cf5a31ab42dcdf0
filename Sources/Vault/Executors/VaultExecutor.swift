/// Where a vault does its work, one job after another. It blocks, for a key derivation or a disk sync.
protocol VaultExecutor: SerialExecutor {
    /// Whether it does so for many tasks, rather than for one, which goes on only when the vault is done.
    var servesMany: Bool { get }

    /// Runs `body` behind what is there already, and does not wait for it.
    func submit(_ body: @escaping @Sendable () -> Void)

    /// Runs `body` when the vault is done, for a while at least, with what is under way; does not wait for it.
    func whenUsed(_ body: @escaping @Sendable () -> Void)
}

extension VaultExecutor {
    /// Runs `body`, outside any actor.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws(VaultError) -> R) async throws(VaultError) -> R {
        // Unchecked, as a `GroupCommit` has it; resumed once, below.
        let result: Result<R, VaultError> = await withUnsafeContinuation { continuation in
            submit {
                do throws(VaultError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

/// The executor for another vault: that of the program's one thread, where it keeps to one, and else a queue of its own.
func newVaultExecutor() -> any VaultExecutor {
    LoopExecutor.current ?? QueueExecutor()
}
