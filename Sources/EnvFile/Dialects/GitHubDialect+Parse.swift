extension GitHubDialect {
    /// Reads `NAME=value` lines and `NAME<<DELIMITER` with the lines up to `DELIMITER`, as actions/runner does.
    ///
    /// Lines end with LF. A CR before it is part of the line, except in entries whose first line ends with CRLF: those
    /// are read as on Windows. There are no comments.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var scanner = scanner
        while !scanner.isAtEnd {
            let start = scanner.index
            let whole = takeLine(&scanner)
            let line = withoutCR(whole, scanner)
            if line.isEmpty { continue }
            let text = scanner.slice(line)
            guard let sign = text.indices.first(where: { isSign(text, at: $0) }) else {
                throw scanner.fault("expected NAME=value or NAME<<DELIMITER", at: start)
            }
            let name = try scanner.entryName(start..<start + sign)
            sink.begin(name: name, at: scanner.position(at: start))
            if text[sign] == UInt8(ascii: "=") {
                sink.append(scanner.slice(start + sign + 1..<line.upperBound))
            } else {
                let delimiter = start + sign + 2..<line.upperBound
                guard !delimiter.isEmpty else {
                    throw scanner.fault("a delimiter should stand here", at: delimiter.lowerBound)
                }
                sink.append(scanner.slice(try takeLines(&scanner, to: delimiter, dropsCR: line != whole)))
            }
            sink.end()
        }
    }

    /// Whether the name ends at `index`, with `=` or `<<`, whichever comes first.
    private static func isSign(_ text: UnsafeRawBufferPointer, at index: Int) -> Bool {
        text[index] == UInt8(ascii: "=")
            || text[index] == UInt8(ascii: "<") && index + 1 < text.count && text[index + 1] == UInt8(ascii: "<")
    }

    /// Takes the lines up to the one that `delimiter` is; returns where they were, without their last line break.
    private static func takeLines(
        _ scanner: inout Scanner, to delimiter: Range<Int>, dropsCR: Bool
    ) throws(ParseError) -> Range<Int> {
        let start = scanner.index
        var end = start
        while !scanner.isAtEnd {
            let whole = takeLine(&scanner)
            let line = dropsCR ? withoutCR(whole, scanner) : whole
            if scanner.slice(line).elementsEqual(scanner.slice(delimiter)) { return start..<end }
            end = line.upperBound
        }
        throw scanner.fault("expected a line with this delimiter alone behind the value", at: delimiter.lowerBound)
    }

    /// Takes a line and its LF; returns where the line was.
    private static func takeLine(_ scanner: inout Scanner) -> Range<Int> {
        let line = scanner.skip { $0 != UInt8(ascii: "\n") }
        _ = scanner.take("\n")
        return line
    }

    /// `line` without the CR at its end.
    private static func withoutCR(_ line: Range<Int>, _ scanner: Scanner) -> Range<Int> {
        let hasCR = !line.isEmpty && scanner.bytes[line.upperBound - 1] == UInt8(ascii: "\r")
        return hasCR ? line.lowerBound..<line.upperBound - 1 : line
    }
}
