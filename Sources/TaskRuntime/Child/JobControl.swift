internal import CPlatform
internal import Glibc

/// The child on its own terminal as a job on ours: who has the foreground, who has the keys, what Ctrl-Z stops.
///
/// The command has the foreground of its terminal only while we hold ours. Else, reading or changing its terminal stops
/// it (SIGTTIN, SIGTTOU), as it would in the background without us; we learn of that and do what the kernel would have.
struct JobControl: ~Copyable {
    private let child: Child
    private var terminal: UserTerminal
    /// Whether the command stands still because it wants the terminal, and we cannot have it.
    private var isWaiting = false

    /// How often we look, in the background, whether we are in the foreground by now: `fg` alone sends no signal.
    static let interval: Milliseconds = 200

    init(_ child: Child, terminal: consuming UserTerminal) {
        self.child = child
        self.terminal = terminal
    }

    /// The descriptor to wait for keys on; -1 while none are wanted.
    var keySource: Int32 { terminal.source }

    /// The descriptor to wait on until the child has room for keys; -1 while there are none.
    var keySink: Int32 { terminal.sink }

    /// Whether ``look()`` may find something.
    var isLooking: Bool { !terminal.isHeld && (terminal.isInput || isWaiting) }

    /// Reads keys that are there.
    mutating func readKeys() {
        // It may have been lost since the wait began.
        guard terminal.isHeld else { return }
        if terminal.isForeground { terminal.read() } else { loseForeground() }
    }

    /// Writes keys that were read.
    mutating func writeKeys() {
        terminal.write()
    }

    /// Takes the terminal where it is wanted and we have come to the foreground.
    mutating func look() {
        guard isLooking, terminal.isForeground else { return }
        takeForeground()
    }

    /// After SIGWINCH and SIGCONT: what may have changed on our terminal while we did not look, or stood still.
    mutating func refresh() {
        if terminal.isHeld {
            // Where a shell has set its own modes meanwhile.
            if terminal.isForeground { terminal.take() } else { loseForeground() }
        }
        terminal.copyWindowSize()
        // The kernel has told the foreground only.
        if !terminal.isHeld { child.signal(SIGWINCH) }
        look()
    }

    /// Stops with the command, and has it continue when we are continued.
    mutating func stop(with signal: Int32) {
        let wantsTerminal = signal == SIGTTIN || signal == SIGTTOU
        // Also while we hold ours: keys can be quicker than the order that gives the command its foreground.
        if wantsTerminal, terminal.isForeground { return takeForeground() }
        terminal.release()
        let hasBeenStopped = coffer_stop(signal) == 1
        if terminal.isForeground, terminal.isInput || wantsTerminal {
            takeForeground()
        } else if hasBeenStopped || !wantsTerminal {
            child.continue(inForeground: false)
        } else {
            // Nobody can give us the foreground (an orphaned group), and it would only ask again, and again.
            isWaiting = true
        }
    }

    /// Gives the terminal back.
    mutating func release() {
        terminal.release()
    }

    private mutating func takeForeground() {
        terminal.take()
        isWaiting = false
        child.continue(inForeground: true)
    }

    private mutating func loseForeground() {
        terminal.release()
        child.continue(inForeground: false)
    }
}
