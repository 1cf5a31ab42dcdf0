internal import Glibc

/// One stream of a child's output on its way to ours, redacted.
struct OutputStream: ~Copyable {
    /// Where it is read; -1 once it has ended.
    private(set) var source: Int32
    private let target: Int32
    private var redactor: Redactor
    /// When something was read last.
    private var lastRead: Milliseconds = 0
    /// Why something could not be written; zero while nothing is lost. That nobody reads any more is no loss.
    private(set) var failure: Int32 = 0

    /// After how long a pause what might have become a value is shown all the same: a prompt, a progress bar.
    private static let pause: Milliseconds = 20

    init(from source: Int32, to target: Int32, automaton: Automaton) {
        self.source = source
        self.target = target
        redactor = Redactor(automaton)
    }

    /// When ``releaseIfDue(_:)`` has something to do; nil for never.
    var due: Milliseconds? {
        source >= 0 && redactor.isReleasable ? lastRead + Self.pause : nil
    }

    /// Relays what is there to be read, or the end.
    mutating func relay(_ now: Milliseconds) {
        lastRead = now
        let count = redactor.receive { [source] room in
            let count = read(source, room.baseAddress, room.count)
            return count < 0 && (errno == EAGAIN || errno == EINTR) ? -1 : max(count, 0)
        }
        // A terminal ends with an error (EIO), a pipe with nothing.
        if count == 0 { return end() }
        deliver { (stream) throws(WriteFailure) in
            try stream.redactor.flush { [target = stream.target] (bytes) throws(WriteFailure) in
                try Self.write(bytes, to: target)
            }
        }
    }

    /// Relays what was held back, when the pause has been long enough.
    mutating func releaseIfDue(_ now: Milliseconds) {
        guard let due, due <= now else { return }
        deliver { (stream) throws(WriteFailure) in
            try stream.redactor.release { [target = stream.target] (bytes) throws(WriteFailure) in
                try Self.write(bytes, to: target)
            }
        }
    }

    /// Relays the rest and closes the stream.
    mutating func end() {
        guard source >= 0 else { return }
        deliver { (stream) throws(WriteFailure) in
            try stream.redactor.finish { [target = stream.target] (bytes) throws(WriteFailure) in
                try Self.write(bytes, to: target)
            }
        }
        stop()
    }

    private mutating func stop() {
        guard source >= 0 else { return }
        close(source)
        source = -1
    }

    /// Where nothing can be written, the child must learn it as it would without us: its next write fails.
    private mutating func deliver(_ body: (inout OutputStream) throws(WriteFailure) -> Void) {
        do throws(WriteFailure) {
            try body(&self)
        } catch {
            // Whoever starts a task without standard error wants no errors.
            let isUnwanted = error.number == EPIPE || error.number == EBADF && target == STDERR_FILENO
            if !isUnwanted { failure = error.number }
            stop()
        }
    }

    private struct WriteFailure: Error {
        let number: Int32
    }

    /// Writes all of it and waits for that, even where whoever shares our descriptor has made it non-blocking.
    private static func write(_ bytes: UnsafeRawBufferPointer, to target: Int32) throws(WriteFailure) {
        var rest = bytes
        while rest.count > 0 {
            let count = Glibc.write(target, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                var room = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            } else if errno != EINTR {
                throw WriteFailure(number: errno)
            }
        }
    }
}
