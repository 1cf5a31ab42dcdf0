internal import CPlatform
internal import Glibc

/// A started child: itself, or the monitor that its terminal needs.
struct Child {
    /// The child's process, or its monitor's.
    private let process: pid_t
    /// Readable when there is a change: a descriptor for the process, or the monitor's socket.
    let descriptor: Int32
    private let isMonitored: Bool

    /// What happens to a child.
    enum Change {
        /// It could not be started, for this error. Nothing follows.
        case failed(Int32)
        /// This signal has stopped it.
        case stopped(Int32)
        /// It has ended, with this exit status. Nothing follows.
        case ended(Int32)
    }

    /// Starts the command on `streams`, closes its ends of them, and has signals passed on to it. Throws ``ChildError``.
    ///
    /// `inForeground`: whether the command has its terminal's foreground from the start.
    static func start(
        _ command: ChildProcess.Command, environment: ChildProcess.Command, streams: ChildStreams, inForeground: Bool
    ) throws(ChildError) -> Child {
        defer { streams.closeEnds() }
        var process: pid_t = -1
        var descriptor: Int32 = -1
        let isMonitored = streams.control >= 0
        if isMonitored {
            let error = coffer_spawn_monitored(
                command, environment, streams.ends, streams.ends[1], inForeground ? 1 : 0, &process, &descriptor)
            guard error == 0 else { throw .system(error) }
        } else {
            let error = coffer_spawn(command, environment, streams.ends, &process, &descriptor)
            guard error == 0 else { throw ChildError(starting: error) }
        }
        coffer_pass_signals_to(descriptor)
        return Child(process: process, descriptor: descriptor, isMonitored: isMonitored)
    }

    /// What has happened, once the descriptor is readable. Reaps what has ended.
    func nextChange() -> Change {
        guard isMonitored else { return .ended(Self.exitStatus(reap())) }
        var report = coffer_message()
        let count = recv(descriptor, &report, MemoryLayout<coffer_message>.size, 0)
        if count > 0, report.kind == Int32(coffer_report_stopped) { return .stopped(report.value) }
        let status = reap()
        // Without a report somebody has killed the monitor, and the kernel has hung up on the command.
        guard count > 0 else { return .ended(Self.exitStatus(status)) }
        return report.kind == Int32(coffer_report_failed)
            ? .failed(report.value) : .ended(Self.exitStatus(report.value))
    }

    /// Has a signal sent to the command's process group. For a monitored child.
    func signal(_ number: Int32) {
        order(coffer_order_signal, number)
    }

    /// Has the command continue, in the foreground or the background of its terminal. For a monitored child.
    func `continue`(inForeground: Bool) {
        order(coffer_order_continue, inForeground ? 1 : 0)
    }

    private func order(_ kind: Int, _ value: Int32) {
        var order = coffer_message(kind: Int32(kind), value: value)
        // Where it has just ended, there is nobody to obey, and its report is on the way.
        _ = send(descriptor, &order, MemoryLayout<coffer_message>.size, Int32(MSG_NOSIGNAL))
    }

    private func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    /// The shell's number for a status of wait(2): the exit status, or 128+n.
    private static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }
}
