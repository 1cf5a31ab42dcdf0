internal import CPlatform
internal import Glibc

/// Stands between a child and us until it has ended: its output, its keys, its stops.
///
/// One loop on the calling thread. Writing to our own streams blocks it, so that a slow reader slows the child as it
/// would without us; signals are passed on all the same, by their handler.
struct Relay: ~Copyable {
    private let child: Child
    private let notices: Int32
    private var output: OutputStream
    private var errors: OutputStream?
    /// For a child with a terminal of its own.
    private var jobControl: JobControl?

    /// `notices` is the descriptor of coffer_catch_signals().
    init(
        _ child: Child, streams: ChildStreams, jobControl: consuming JobControl?, notices: Int32, automaton: Automaton
    ) {
        self.child = child
        self.notices = notices
        self.jobControl = jobControl
        output = OutputStream(from: streams.output, to: STDOUT_FILENO, automaton: automaton)
        errors = nil
        if streams.errors >= 0 {
            errors = OutputStream(from: streams.errors, to: STDERR_FILENO, automaton: automaton)
        }
    }

    /// Relays until the child has ended and what it wrote is written. Returns its exit status. Throws ``ChildError``.
    consuming func run() throws(ChildError) -> Int32 {
        let status = try attend()
        drain()
        output.end()
        errors?.end()
        // A terminal that cannot be written has been hung up: nobody reads any more.
        if jobControl == nil, output.failure != 0 { throw .output(output.failure) }
        if let failure = errors?.failure, failure != 0 { throw .output(failure) }
        return status
    }

    /// Attends to the child until it has ended, and returns its exit status. Throws ``ChildError``.
    private mutating func attend() throws(ChildError) -> Int32 {
        var events = Events()
        while true {
            events[0] = notices
            events[1] = child.descriptor
            events[2] = output.source
            events[3] = errors?.source ?? -1
            events[4] = jobControl?.keySource ?? -1
            // The child's terminal is closed when nobody has it open any more, or our own is gone.
            events[room: 5] = output.source >= 0 ? jobControl?.keySink ?? -1 : -1
            var deadline = due
            if jobControl?.isLooking == true { deadline = min(deadline, now() + JobControl.interval) }
            events.wait(until: deadline)
            // These come before keys, since they tell whether keys are still ours to read.
            if events.hasFired(0) { heedNotices() }
            if events.hasFired(1) {
                switch child.nextChange() {
                case .failed(let error): throw ChildError(starting: error)
                case .stopped(let signal):
                    settle()
                    jobControl?.stop(with: signal)
                case .ended(let status): return status
                }
            }
            relayOutput(events, output: 2, errors: 3)
            if events.hasFired(4) { jobControl?.readKeys() }
            if events.hasFired(5) { jobControl?.writeKeys() }
            jobControl?.look()
        }
    }

    /// How long the kernel may take to carry what was written to a terminal to us.
    private static let transit: Milliseconds = 20

    /// Relays what the child has written before it was stopped.
    private mutating func settle() {
        let end = now() + Self.transit
        var events = Events()
        // Once at least: this program may have been kept from running for longer.
        repeat {
            events[0] = output.source
            events[1] = errors?.source ?? -1
            events.wait(until: end)
            relayOutput(events, output: 0, errors: 1)
        } while now() < end
        output.releaseIfDue(.max)
        errors?.releaseIfDue(.max)
    }

    /// How long what descendants still hold open must be silent for us to end.
    private static let silence: Milliseconds = 500
    /// How long descendants that go on writing, with pauses, are listened to.
    private static let patience: Milliseconds = 2000
    /// After how long a silence the terminal, and the signals, are the person's again.
    private static let farewell: Milliseconds = 20

    /// Relays what is left when the child has ended, and what its descendants still write.
    private mutating func drain() {
        let end = now()
        var lastOutput = end
        var hasLetGo = false
        var events = Events()
        while output.source >= 0 || errors?.source ?? -1 >= 0 {
            events[0] = output.source
            events[1] = errors?.source ?? -1
            let letGo = min(lastOutput + Self.farewell, end + Self.silence)
            let last = min(lastOutput + Self.silence, max(end + Self.patience, now()))
            events.wait(until: min(due, hasLetGo ? last : letGo))
            relayOutput(events, output: 0, errors: 1)
            let now = now()
            if events.hasFired(0) || events.hasFired(1) {
                // Counted from when it was written, which may have taken long.
                lastOutput = now
            } else if now >= lastOutput + Self.silence || now >= end + Self.patience {
                return
            }
            if !hasLetGo, now >= letGo {
                hasLetGo = true
                jobControl?.release()
                coffer_release_signals()
            }
        }
    }

    /// When held-back output is to be released; far away for never.
    private var due: Milliseconds {
        switch errors {
        case .some(let errors): min(output.due ?? .max, errors.due ?? .max)
        case nil: output.due ?? .max
        }
    }

    private mutating func relayOutput(_ events: borrowing Events, output: Int, errors: Int) {
        let now = now()
        if events.hasFired(output) { self.output.relay(now) }
        if events.hasFired(errors) { self.errors?.relay(now) }
        self.output.releaseIfDue(now)
        self.errors?.releaseIfDue(now)
    }

    private mutating func heedNotices() {
        var signals: UInt64 = 0
        // Which they were does not matter: looking at everything is cheap.
        _ = read(notices, &signals, MemoryLayout.size(ofValue: signals))
        jobControl?.refresh()
    }
}
