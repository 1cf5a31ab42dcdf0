internal import Dispatch

/// Runs a vault on a dispatch queue of its own.
///
/// Swift's default executor has as many threads as there are cores; a key derivation or a disk sync on one of them
/// would hold up everything else in the process. On its own queue it holds up the vault alone.
final class QueueExecutor: VaultExecutor {
    private let queue = DispatchQueue(label: "vault")
    let servesMany = true
    /// How soon others are likely to ask for something, if they do.
    private static let pause = DispatchTimeInterval.milliseconds(10)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// Lets code that `submit` brought onto the queue say that it is the actor's (`assumeIsolated`).
    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    func submit(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    func whenUsed(_ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + Self.pause, execute: body)
    }
}
