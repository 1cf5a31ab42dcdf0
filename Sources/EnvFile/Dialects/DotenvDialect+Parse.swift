/// The grammar of python-dotenv (`parser.py`); what it would pass over with a warning is an error here.
///
/// CR and CRLF are line breaks and become LF even inside quotes, as Python reads text files.
extension DotenvDialect {
    static func parse(
        _ scanner: Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        var scanner = scanner
        while true {
            scanner.skipPythonSpace(withLineBreaks: true)
            if scanner.isAtEnd { return }
            if scanner.next != UInt8(ascii: "#") {
                try parseEntry(&scanner, into: &sink)
            }
            if scanner.next == UInt8(ascii: "#") { scanner.skip { !Scanner.isLineBreak($0) } }
            guard scanner.takeLineBreak() || scanner.isAtEnd else {
                throw scanner.fault("nothing but a comment, behind '#', may follow a closing quote")
            }
        }
    }

    private static func parseEntry(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        passExport(&scanner)
        let start = scanner.index
        let name = scanner.name(try nameRange(&scanner))
        guard EntryName.isWhole(name) else { throw scanner.fault(EntryName.expectation, at: start) }
        scanner.skipPythonSpace(withLineBreaks: false)
        guard scanner.take("=") else { throw scanner.fault("a name must be followed by '='") }
        sink.begin(name: name, at: scanner.position(at: start))
        let hadBlank = !scanner.skipPythonSpace(withLineBreaks: false).isEmpty
        switch scanner.next {
        case UInt8(ascii: "\""): try parseQuoted(&scanner, escapes: doubleQuoteEscape, into: &sink)
        case UInt8(ascii: "'"): try parseQuoted(&scanner, escapes: singleQuoteEscape, into: &sink)
        case UInt8(ascii: "#") where hadBlank: break
        default: parseBare(&scanner, into: &sink)
        }
        sink.end()
        scanner.skipPythonSpace(withLineBreaks: false)
    }

    /// Passes over `export` if blanks follow.
    private static func passExport(_ scanner: inout Scanner) {
        let start = scanner.index
        if scanner.take("export"), scanner.skipPythonSpace(withLineBreaks: false).isEmpty { scanner.index = start }
    }

    /// Takes a name, which may stand in single quotes.
    private static func nameRange(_ scanner: inout Scanner) throws(ParseError) -> Range<Int> {
        if scanner.next == UInt8(ascii: "'") {
            let quote = scanner.index
            scanner.index += 1
            let range = scanner.skip { $0 != UInt8(ascii: "'") && !Scanner.isLineBreak($0) }
            guard scanner.take("'") else { throw scanner.fault("a quote around a name must be closed", at: quote) }
            return range
        }
        let start = scanner.index
        while let byte = scanner.next, byte != UInt8(ascii: "="), byte != UInt8(ascii: "#"),
            WhiteSpace.pythonLength(in: scanner.bytes, at: scanner.index) == 0
        {
            scanner.index += 1
        }
        return start..<scanner.index
    }

    /// Takes a value in quotes, whichever come next; `escapes` tells what a byte behind a backslash stands for.
    private static func parseQuoted(
        _ scanner: inout Scanner, escapes: (UInt8) -> UInt8?, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        let quote = scanner.take()
        while let byte = scanner.next {
            if byte == quote {
                scanner.index += 1
                return
            } else if byte == UInt8(ascii: "\\"), let escaped = scanner.peek(1).flatMap(escapes) {
                sink.append(escaped)
                scanner.index += 2
            } else if scanner.takeLineBreak() {
                sink.append(UInt8(ascii: "\n"))
            } else {
                takeLiteral(&scanner, into: &sink)
            }
        }
        throw scanner.fault("a quote must be closed", at: start)
    }

    /// Takes a value without quotes, which ends with the line or before blanks and `#`.
    private static func parseBare(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) {
        while let byte = scanner.next, !Scanner.isLineBreak(byte) {
            let blanks = scanner.skipPythonSpace(withLineBreaks: false)
            if blanks.isEmpty {
                takeLiteral(&scanner, into: &sink)
            } else if let byte = scanner.next, byte != UInt8(ascii: "#"), !Scanner.isLineBreak(byte) {
                sink.append(scanner.slice(blanks))
            } else {
                return
            }
        }
    }
}
