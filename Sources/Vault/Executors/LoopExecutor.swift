internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs a program's task, and the vaults that it opens, on the one thread that waits for the task.
///
/// A command does one thing after another and is done within milliseconds: starting threads, to hand that to and fro
/// between them, takes longer than most of it. Not for a server, which does many things at once.
public final class LoopExecutor: VaultExecutor, TaskExecutor {
    /// The executor that the current task runs on, if it is one of these.
    @TaskLocal static var current: LoopExecutor?

    private enum Job {
        case task(UnownedJob)
        case body(@Sendable () -> Void)
    }

    let servesMany = false
    private let jobs = Mutex<[Job]>([])
    /// Counts the jobs. Makes no system call but to put the thread to sleep and to wake it.
    private let count = DispatchSemaphore(value: 0)
    private let thread = pthread_self()

    /// An executor for the calling thread.
    public init() {}

    /// Runs `operation`, and whatever it has run here, on the calling thread until it is done. Rethrows what it throws.
    public func run(_ operation: @escaping @Sendable () async throws -> Void) throws {
        // Safe: used on this thread alone.
        nonisolated(unsafe) var isDone = false
        nonisolated(unsafe) var failure: (any Error)?
        Self.$current.withValue(self) {
            _ = Task(executorPreference: self) {
                do { try await operation() } catch { failure = error }
                isDone = true
            }
        }
        while !isDone { runNext() }
        if let failure { throw failure }
    }

    /// Runs what comes next, once something does.
    private func runNext() {
        count.wait()
        switch jobs.withLock({ $0.removeFirst() }) {
        case .task(let job):
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        case .body(let body): body()
        }
    }

    private func add(_ job: Job) {
        jobs.withLock { $0.append(job) }
        count.signal()
    }

    /// Runs a part of a task behind what is there already.
    public func enqueue(_ job: consuming ExecutorJob) {
        add(.task(UnownedJob(job)))
    }

    func submit(_ body: @escaping @Sendable () -> Void) {
        add(.body(body))
    }

    /// Runs `body` before the task goes on: that may be going to wait for a person, and nothing else runs meanwhile.
    func whenUsed(_ body: @escaping @Sendable () -> Void) {
        submit(body)
    }

    /// Lets code that was brought onto the thread say that it is an actor's (`assumeIsolated`).
    public func checkIsolated() {
        precondition(pthread_equal(thread, pthread_self()) != 0)
    }
}
