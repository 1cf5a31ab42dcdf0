internal import CPlatform
internal import Glibc

/// Starts tasks with secrets in their environment.
///
/// A command is given as the end of `CommandLine.unsafeArgv`, its name first, ended by nil: an argument need not be
/// UTF-8, and a `String` would change what is not. The name is looked up along the PATH of the task's own environment.
public enum ChildProcess {
    /// A command as execve(2) takes it.
    public typealias Command = UnsafePointer<UnsafeMutablePointer<CChar>?>

    /// Becomes the command. Returns only when that fails, and why.
    public static func replace(with command: Command, environment: borrowing EnvironmentBlock) -> ChildError {
        ChildError(starting: environment.withPointers { coffer_execute(command, $0) })
    }

    /// Runs the command with its output redacted by `automaton`, and returns its exit status, 128+n when signal n ended it.
    ///
    /// Where standard output is a terminal the child gets a terminal of its own, else pipes. Blocks its thread until the
    /// child has ended; meanwhile signals are passed on to it. Throws ``ChildError``.
    public static func run(
        _ command: Command, environment: consuming EnvironmentBlock, automaton: Automaton
    ) throws(ChildError) -> Int32 {
        let hasTerminal = isatty(STDOUT_FILENO) == 1
        // Before the child starts, so that none is lost between.
        let notices = coffer_catch_signals(hasTerminal ? 1 : 0)
        guard notices >= 0 else { throw .system(errno) }
        defer {
            coffer_restore_modes()
            coffer_release_signals()
        }
        let streams = hasTerminal ? try ChildStreams.terminal() : try ChildStreams.pipes()
        var terminal = hasTerminal ? UserTerminal(control: streams.control) : nil
        if terminal?.isInput == true, terminal?.isForeground == true { terminal?.take() }
        let inForeground = terminal?.isHeld == true
        let child = try environment.withPointers { environment throws(ChildError) in
            try Child.start(command, environment: environment, streams: streams, inForeground: inForeground)
        }
        // The child has the secrets now, and we no longer need them here.
        _ = consume environment
        var jobControl: JobControl?
        if let terminal = terminal.take() { jobControl = JobControl(child, terminal: terminal) }
        return try Relay(child, streams: streams, jobControl: jobControl, notices: notices, automaton: automaton).run()
    }
}
