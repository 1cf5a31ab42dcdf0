internal import Dispatch

/// Runs an actor on a dispatch queue of its own.
///
/// Swift's default executor has as many threads as there are cores; a key derivation or a disk sync on one of them
/// would hold up everything else in the process. On its own queue it holds up the vault alone.
final class QueueExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "vault")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Lets code that `submit` brought onto the queue say that it is the actor's (`assumeIsolated`).
    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    /// Runs `body` on the queue, behind what is there already, and does not wait for it.
    func submit(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Runs `body` on the queue, outside any actor.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws(VaultError) -> R) async throws(VaultError) -> R {
        let result: Result<R, VaultError> = await withCheckedContinuation { continuation in
            queue.async {
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
