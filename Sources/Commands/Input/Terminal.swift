internal import CPlatform
internal import Glibc
internal import Sodium

/// The person in front of the program: messages on standard error, questions on the terminal itself.
package enum Terminal {
    /// Says one line on standard error, beginning with the program's name.
    package static func say(_ line: String) {
        Output.write(Array("coffer: \(line.onOneLine)\n".utf8), to: STDERR_FILENO)
    }

    /// Whether the descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// Asks on the terminal, wherever standard input comes from, and reads a line without showing it.
    ///
    /// Returns nil when there is no terminal. Throws ``Failure`` when the person gives up (Ctrl-C, Ctrl-D).
    static func askHidden(_ prompt: String) throws(Failure) -> SecureBytes? {
        let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard coffer_hide_typing(descriptor) == 0 else { return nil }
        defer {
            coffer_show_typing()
            // The line break that was typed was not shown either.
            Output.write([Key.lineFeed], to: descriptor)
        }
        Output.write(Array(prompt.utf8), to: descriptor)
        return try readLine(from: descriptor)
    }

    private enum Key {
        static let interrupt: UInt8 = 0x03
        static let endOfInput: UInt8 = 0x04
        static let backspace: UInt8 = 0x08
        static let lineFeed: UInt8 = 0x0a
        static let carriageReturn: UInt8 = 0x0d
        static let eraseLine: UInt8 = 0x15
        static let delete: UInt8 = 0x7f
    }

    private static func readLine(from descriptor: Int32) throws(Failure) -> SecureBytes {
        var line = SecureBuffer(capacity: 4096)
        while true {
            var key: UInt8 = 0
            let count = read(descriptor, &key, 1)
            if count < 0, errno == EINTR { continue }
            switch key {
            case _ where count <= 0, Key.interrupt:
                throw Failure(.locked, "nothing was entered", hint: "nothing was changed; try again")
            case Key.endOfInput where line.count == 0:
                throw Failure(.locked, "nothing was entered", hint: "nothing was changed; try again")
            case Key.lineFeed, Key.carriageReturn, Key.endOfInput:
                return line.finish()
            case Key.backspace, Key.delete:
                eraseCharacter(&line)
            case Key.eraseLine:
                line.truncate(to: 0)
            default:
                line.append(key)
            }
        }
    }

    /// Removes the last code point, which may have several bytes.
    private static func eraseCharacter(_ line: inout SecureBuffer) {
        var end = line.count
        var continues = true
        while end > 0, continues {
            end -= 1
            continues = line.withUnsafeBytes { $0[end] & 0xc0 == 0x80 }
        }
        line.truncate(to: end)
    }
}
