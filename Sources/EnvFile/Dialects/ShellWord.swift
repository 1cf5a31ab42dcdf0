extension ShellDialect {
    /// Reads one shell word: quoted and unquoted parts with no blank between them (POSIX shell, 2.2), and bash's `$'…'`.
    ///
    /// `$NAME`, `${…}`, `$(…)`, back-ticks, `~` and wildcards stay as they stand.
    static func parseWord(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        while let byte = scanner.next, !Scanner.isBlank(byte), !Scanner.isLineBreak(byte) {
            switch byte {
            case UInt8(ascii: "'"):
                try parseSingleQuoted(&scanner, into: &sink)
            case UInt8(ascii: "\""):
                try parseDoubleQuoted(&scanner, into: &sink)
            case UInt8(ascii: "$") where scanner.peek(1) == UInt8(ascii: "'"):
                try parseANSICQuoted(&scanner, into: &sink)
            case UInt8(ascii: "$") where scanner.peek(1) == UInt8(ascii: "\""):
                throw scanner.fault("translated text is not read; leave out the dollar sign")
            case UInt8(ascii: "\\"):
                scanner.index += 1
                if scanner.takeLineBreak() { continue }
                guard let escaped = scanner.take() else {
                    throw scanner.fault("expected a character behind the backslash")
                }
                sink.append(escaped)
            case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "("), UInt8(ascii: ")"):
                throw scanner.fault("a shell ends the value here; put it in quotes")
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                try parseExpansion(&scanner, into: &sink)
            default:
                sink.append(byte)
                scanner.index += 1
            }
        }
    }

    private static func parseSingleQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        let text = scanner.skip { $0 != UInt8(ascii: "'") }
        guard scanner.take("'") else { throw scanner.fault("this quote is not closed", at: start) }
        sink.append(scanner.slice(text))
    }

    private static func parseDoubleQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        while let byte = scanner.next {
            switch byte {
            case UInt8(ascii: "\""):
                scanner.index += 1
                return
            case UInt8(ascii: "\\"):
                scanner.index += 1
                if scanner.takeLineBreak() { continue }
                switch scanner.next {
                case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"):
                    sink.append(scanner.bytes[scanner.index])
                    scanner.index += 1
                default:
                    sink.append(byte)
                }
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                try parseExpansion(&scanner, into: &sink)
            default:
                sink.append(byte)
                scanner.index += 1
            }
        }
        throw scanner.fault("this quote is not closed", at: start)
    }

    /// Reads a dollar sign or a back-tick, and with it what a shell would expand.
    private static func parseExpansion(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let place =
            if scanner.starts(with: "$(") {
                try scanner.skipExpansion(from: "$(", to: UInt8(ascii: ")"))
            } else if scanner.starts(with: "${") {
                try scanner.skipExpansion(from: "${", to: UInt8(ascii: "}"))
            } else if scanner.starts(with: "`") {
                try scanner.skipExpansion(from: "`", to: UInt8(ascii: "`"))
            } else {
                scanner.index..<scanner.index + 1
            }
        scanner.index = place.upperBound
        sink.append(scanner.slice(place))
    }
}
