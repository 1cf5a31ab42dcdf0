internal import FoundationEssentials
internal import Glibc
internal import SecretsAPI
internal import Sodium

/// Standard output: data, alone.
package enum Output {
    /// Writes all of `bytes`. Returns whether that went well.
    @discardableResult
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever shares our descriptor has made it non-blocking.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
                continue
            }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }

    /// Writes all of `bytes`. Returns whether that went well.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { write($0, to: descriptor) }
    }

    /// Prints one line. Throws ``Failure`` when standard output is closed or full.
    package static func line(_ text: String) throws(Failure) {
        try check(write(Array((text + "\n").utf8), to: STDOUT_FILENO))
    }

    /// Prints `bytes`, as they are. Throws ``Failure``.
    static func data(_ bytes: some Sequence<UInt8>) throws(Failure) {
        try check(write(Array(bytes), to: STDOUT_FILENO))
    }

    /// Prints `shape` as the API would answer it, and a line break.
    static func json(_ shape: some Encodable) throws(Failure) {
        try check(write(Array(JSON.encode(shape)) + [UInt8(ascii: "\n")], to: STDOUT_FILENO))
    }

    /// Prints secret bytes as they are, nothing added. On a terminal, where they stay for others to see, with `warning` a
    /// word on standard error goes before them.
    static func secret(_ bytes: borrowing SecureBytes, warning: Bool = false) throws(Failure) {
        if warning, Terminal.isTerminal(STDOUT_FILENO) {
            Terminal.say("warning: this shows secret values on the terminal; -o writes them to a file")
        }
        try check(bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) })
    }

    /// Prints secret bytes and a line break, for a person or a printer. Throws ``Failure``.
    static func secretLine(_ bytes: borrowing SecureBytes) throws(Failure) {
        var line = SecureBuffer(capacity: bytes.count + 1)
        line.append(bytes)
        line.append(UInt8(ascii: "\n"))
        try secret(line.finish())
    }

    private static func check(_ written: Bool) throws(Failure) {
        guard written else {
            throw Failure(.inputOutput, "standard output cannot be written", hint: "check the disk or the pipe")
        }
    }
}
