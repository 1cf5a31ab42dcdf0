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

    private struct Waiting {
        var jobs: [Job] = []
        /// Those that are due first stand first.
        var timers: [(due: DispatchTime, body: @Sendable () -> Void)] = []
    }

    private let waiting = Mutex(Waiting())
    /// Counts the jobs. Makes no system call but to put the thread to sleep and to wake it.
    private let count = DispatchSemaphore(value: 0)
    private let thread = pthread_self()

    /// An executor for the calling thread.
    public init() {}

    /// Runs `operation`, and whatever it has run here, on the calling thread until it is done. Rethrows what it throws.
    public func run(_ operation: @escaping @Sendable () async throws -> Void) throws {
        // Safe: used on this thread alone.
        nonisolated(unsafe) var result: Result<Void, any Error>?
        Self.$current.withValue(self) {
            _ = Task(executorPreference: self) {
                do { result = .success(try await operation()) } catch { result = .failure(error) }
            }
        }
        while true {
            if let result { return try result.get() }
            runNext()
        }
    }

    /// Runs what comes next, once something does.
    private func runNext() {
        let due = waiting.withLock { $0.timers.first?.due } ?? .distantFuture
        // Jobs go first: a timer is for when there is nothing else to do.
        guard count.wait(timeout: due) == .success else {
            return waiting.withLock { $0.timers.removeFirst() }.body()
        }
        switch waiting.withLock({ $0.jobs.removeFirst() }) {
        case .task(let job):
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        case .body(let body): body()
        }
    }

    private func add(_ job: Job) {
        waiting.withLock { $0.jobs.append(job) }
        count.signal()
    }

    /// Runs a part of a task behind what is there already.
    public func enqueue(_ job: consuming ExecutorJob) {
        add(.task(UnownedJob(job)))
    }

    func submit(_ body: @escaping @Sendable () -> Void) {
        add(.body(body))
    }

    /// Only called on the loop's own thread, which would else sleep past the time.
    func submit(afterMilliseconds delay: Int, _ body: @escaping @Sendable () -> Void) {
        checkIsolated()
        let due = DispatchTime.now() + .milliseconds(delay)
        waiting.withLock { waiting in
            let place = waiting.timers.firstIndex { $0.due > due } ?? waiting.timers.endIndex
            waiting.timers.insert((due, body), at: place)
        }
    }

    /// Lets code that ``submit(_:)`` brought onto the thread say that it is an actor's (`assumeIsolated`).
    public func checkIsolated() {
        precondition(pthread_equal(thread, pthread_self()) != 0)
    }
}
