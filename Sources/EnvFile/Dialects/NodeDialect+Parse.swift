/// The grammar of Node (src/node_dotenv.cc); lines that it would pass over, or misread, are errors here.
///
/// CRLF becomes LF, even in quotes. Another CR, which Node drops, is an error.
extension NodeDialect {
    static func parse(
        _ scanner: Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        var scanner = scanner
        while true {
            scanner.skip { Scanner.isBlank($0) || Scanner.isLineBreak($0) }
            if scanner.isAtEnd { return }
            if scanner.next != UInt8(ascii: "#") {
                try parseEntry(&scanner, into: &sink)
            }
            if scanner.next == UInt8(ascii: "#") { scanner.skip { $0 != UInt8(ascii: "\n") } }
            guard scanner.take("\r\n") || scanner.take("\n") || scanner.isAtEnd else {
                throw scanner.fault("nothing but a comment, behind '#', may follow a closing quote")
            }
        }
    }

    private static func parseEntry(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        if scanner.take("export ") { scanner.skip(while: Scanner.isBlank) }
        let start = scanner.index
        let range = scanner.skip { $0 != UInt8(ascii: "=") && !Scanner.isBlank($0) && $0 != UInt8(ascii: "\n") }
        scanner.skip(while: Scanner.isBlank)
        guard scanner.next == UInt8(ascii: "=") else { throw scanner.fault("a name must be followed by '='") }
        sink.begin(name: try scanner.entryName(range), at: scanner.position(at: start))
        scanner.index += 1
        scanner.skip(while: Scanner.isBlank)
        switch scanner.next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): try parseQuoted(&scanner, into: &sink)
        default: try parseBare(&scanner, into: &sink)
        }
        sink.end()
    }

    /// Takes a value in quotes, whichever come next.
    private static func parseQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        let quote = scanner.take()
        while let byte = scanner.next, byte != quote {
            if quote == UInt8(ascii: "\""), scanner.take(#"\n"#) {
                sink.append(UInt8(ascii: "\n"))
            } else {
                try takeLiteral(&scanner, into: &sink)
            }
        }
        guard scanner.take() != nil else { throw scanner.fault("a quote must be closed", at: start) }
        scanner.skip(while: Scanner.isBlank)
    }

    /// Takes a value without quotes, which ends with the line or before blanks or `#`.
    private static func parseBare(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        while !endsBare(scanner) {
            let blanks = scanner.skip(while: Scanner.isBlank)
            if blanks.isEmpty {
                try takeLiteral(&scanner, into: &sink)
            } else if !endsBare(scanner) {
                sink.append(scanner.slice(blanks))
            }
        }
    }

    private static func endsBare(_ scanner: Scanner) -> Bool {
        switch scanner.next {
        case nil, UInt8(ascii: "#"), UInt8(ascii: "\n"): true
        default: scanner.starts(with: "\r\n")
        }
    }

    /// Takes one byte of a value, or CRLF as LF.
    private static func takeLiteral(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        if scanner.take("\r\n") {
            sink.append(UInt8(ascii: "\n"))
        } else if scanner.next == UInt8(ascii: "\r") {
            throw scanner.fault("a carriage return may stand only before a line feed")
        } else if let byte = scanner.take() {
            sink.append(byte)
        }
    }
}
