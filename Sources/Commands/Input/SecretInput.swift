internal import Glibc
internal import Sodium

/// Reads secrets with `read(2)` straight into protected memory: no buffer of a library ever holds them.
enum SecretInput {
    /// How much is read at a time, in bytes: all of most files.
    private static let stepByteCount = 1 << 16

    /// All bytes from `descriptor` to its end, at most `limit` of them; nil when there are more.
    ///
    /// Throws ``Failure`` when it cannot be read; `what` names it there.
    static func readAll(from descriptor: Int32, limit: Int, what: String) throws(Failure) -> SecureBytes? {
        var buffer = SecureBuffer(capacity: min(limit + 1, stepByteCount))
        while buffer.count <= limit {
            let room = min(limit + 1 - buffer.count, stepByteCount)
            var failed = false
            let count = buffer.append(atMost: room) { space in
                var count: Int
                repeat { count = read(descriptor, space.baseAddress, space.count) } while count < 0 && errno == EINTR
                failed = count < 0
                return max(count, 0)
            }
            if failed {
                throw Failure(.inputOutput, "\(what) cannot be read", hint: "check that it exists and is yours")
            }
            if count == 0 { return buffer.finish() }
        }
        return nil
    }

    /// All bytes of the file at `path`, at most `limit` of them; nil when there are more. Throws ``Failure``.
    static func readFile(_ path: String, limit: Int, what: String) throws(Failure) -> SecureBytes? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.inputOutput, "\(what) cannot be opened", hint: "check that it exists and is yours")
        }
        defer { close(descriptor) }
        return try readAll(from: descriptor, limit: limit, what: what)
    }
}
