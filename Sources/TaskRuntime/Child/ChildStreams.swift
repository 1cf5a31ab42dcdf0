internal import CPlatform
internal import Glibc
internal import Vault

/// The descriptors between us and a child: our ends, and its own until it has started.
struct ChildStreams {
    /// Where its standard output is read.
    private(set) var output: Int32 = -1
    /// Where its standard error is read; -1 where it goes the same way as its output.
    private(set) var errors: Int32 = -1
    /// The controlling side of its terminal, the same as `output`; -1 where it has none.
    private(set) var control: Int32 = -1
    /// What becomes its descriptors 0 to 2; -1 for what it inherits.
    private(set) var ends: [Int32] = [-1, -1, -1]

    /// How much a pipe should hold, in bytes: fewer switches between the child and us.
    private static let pipeByteCount: Int32 = 1 << 20

    /// Pipes for output and errors; it inherits our input. Throws ``ChildError``.
    static func pipes() throws(ChildError) -> ChildStreams {
        var streams = ChildStreams()
        (streams.output, streams.ends[1]) = try pipe(holding: pipeByteCount)
        if let file = FileIdentity(of: STDOUT_FILENO), file == FileIdentity(of: STDERR_FILENO) {
            // After `2>&1` both go to one place, in an order that two pipes would lose.
            streams.ends[2] = streams.ends[1]
        } else {
            (streams.errors, streams.ends[2]) = try pipe()
        }
        return streams
    }

    /// A terminal for its output, and for its input and errors where ours are terminals. Throws ``ChildError``.
    static func terminal() throws(ChildError) -> ChildStreams {
        var streams = ChildStreams()
        var terminal: Int32 = -1
        guard coffer_open_terminal(&streams.control, &terminal) == 0 else { throw .system(errno) }
        streams.output = streams.control
        streams.ends = [isatty(STDIN_FILENO) == 1 ? terminal : -1, terminal, terminal]
        if isatty(STDERR_FILENO) == 0 { (streams.errors, streams.ends[2]) = try pipe() }
        return streams
    }

    /// Closes the child's ends, so that ours end when it does.
    func closeEnds() {
        for descriptor in Set(ends) where descriptor >= 0 { close(descriptor) }
    }

    private static func pipe(holding byteCount: Int32 = 0) throws(ChildError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard coffer_open_pipe(&ends, byteCount) == 0 else { throw .system(errno) }
        return (ends[0], ends[1])
    }
}
