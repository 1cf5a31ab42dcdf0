/// The grammar of Docker Compose 2 (compose-go's `dotenv/parser.go`) without expansion; `$$` is a `$`, though, where
/// it would be expanded.
extension ComposeDialect {
    static func parse(
        _ scanner: Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        var scanner = scanner
        while true {
            scanner.skipSpace(withLineFeeds: true)
            if scanner.isAtEnd { return }
            if scanner.next != UInt8(ascii: "#") {
                try parseEntry(&scanner, into: &sink)
            }
            if scanner.next == UInt8(ascii: "#") { scanner.skip { $0 != UInt8(ascii: "\n") } }
            guard scanner.take("\n") || scanner.isAtEnd else {
                throw scanner.fault("nothing but a comment, behind '#', may follow a closing quote")
            }
        }
    }

    private static func parseEntry(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        passExport(&scanner)
        let start = scanner.index
        while let byte = scanner.next, isNameByte(byte), WhiteSpace.length(in: scanner.bytes, at: scanner.index) == 0 {
            scanner.index += 1
        }
        let name = try scanner.entryName(start..<scanner.index)
        scanner.skipBlanks()
        guard scanner.take("=") || scanner.take(":") else {
            throw scanner.fault("a name must be followed by '='")
        }
        sink.begin(name: name, at: scanner.position(at: start))
        scanner.skipBlanks()
        switch scanner.next {
        case UInt8(ascii: "\""): try parseDoubleQuoted(&scanner, into: &sink)
        case UInt8(ascii: "'"): try parseSingleQuoted(&scanner, into: &sink)
        default: parseBare(&scanner, into: &sink)
        }
        sink.end()
        scanner.skipSpace(withLineFeeds: false)
    }

    /// Passes over `export` if blanks follow.
    private static func passExport(_ scanner: inout Scanner) {
        if scanner.take("export ") || scanner.take("export\t") { scanner.skipBlanks() }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "["), UInt8(ascii: "]"), 0x80...:
            true
        default:
            false
        }
    }

    private static func parseDoubleQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        while let byte = scanner.next {
            if scanner.take("\"") {
                return
            } else if byte != UInt8(ascii: "\\") {
                takeLiteral(&scanner, into: &sink)
            } else if !takeEscape(&scanner, into: &sink) {
                sink.append(byte)
                scanner.index += 1
            }
        }
        throw scanner.fault("a quote must be closed", at: start)
    }

    private static func parseSingleQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        while let byte = scanner.take() {
            if byte == UInt8(ascii: "'") { return }
            if byte == UInt8(ascii: "\\"), let next = scanner.take() {
                if next != UInt8(ascii: "'") { sink.append(byte) }
                sink.append(next)
            } else {
                sink.append(byte)
            }
        }
        throw scanner.fault("a quote must be closed", at: start)
    }

    /// Takes a value without quotes, which ends with the line or before a space and `#`, without blanks at its end.
    private static func parseBare(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) {
        while let byte = scanner.next, byte != UInt8(ascii: "\n") {
            let blanks = scanner.skipSpace(withLineFeeds: false)
            let startsComment =
                scanner.next == UInt8(ascii: "#") && !blanks.isEmpty
                && scanner.bytes[scanner.index - 1] == UInt8(ascii: " ")
            if startsComment || scanner.isAtEnd || scanner.next == UInt8(ascii: "\n") {
                return
            } else if blanks.isEmpty {
                takeLiteral(&scanner, into: &sink)
            } else {
                sink.append(scanner.slice(blanks))
            }
        }
    }
}
