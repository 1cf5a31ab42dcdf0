internal import NIOCore

/// Runs the tasks of a connection on the connection's own event loop.
///
/// On Swift's default executor each part of a request, and each part of an answer, would have to wake another thread.
/// Nothing here may block, since that holds up all connections of the loop: the vault has a queue of its own.
final class EventLoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
