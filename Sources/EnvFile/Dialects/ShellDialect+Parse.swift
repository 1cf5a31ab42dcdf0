extension ShellDialect {
    /// Reads what bash, dash and systemd have in common, `export NAME=value`, and what `export -p` prints:
    /// `declare -x NAME="value"`.
    ///
    /// One assignment stands on a line. A comment starts with `#`, or as in systemd with `;`. Line breaks inside quotes
    /// are part of the value as they stand, CRLF too.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var scanner = scanner
        while true {
            scanner.skip { Scanner.isBlank($0) || Scanner.isLineBreak($0) }
            guard let first = scanner.next else { return }
            if first == UInt8(ascii: "#") || first == UInt8(ascii: ";") {
                _ = scanner.skipLine()
            } else {
                try parseLine(&scanner, into: &sink)
                try endLine(&scanner)
            }
        }
    }

    private static func parseLine(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let isMarked = takeExport(&scanner)
        let start = scanner.index
        let name = takeName(&scanner)
        let isSpaced = !scanner.skip(while: Scanner.isBlank).isEmpty
        guard scanner.take("=") else {
            // `export A B` marks variables that are assigned elsewhere.
            guard isMarked, !name.isEmpty else { throw scanner.fault("expected NAME=value", at: start) }
            while !takeName(&scanner).isEmpty { scanner.skip(while: Scanner.isBlank) }
            return
        }
        sink.begin(name: try scanner.entryName(name), at: scanner.position(at: start))
        // systemd allows blanks around `=`. With one behind it alone a shell takes the value for a command.
        let blanks = scanner.skip(while: Scanner.isBlank)
        let isEmpty = !blanks.isEmpty && isAtLineEnd(scanner)
        guard isEmpty || isSpaced || blanks.isEmpty else {
            throw scanner.fault("expected the value right behind the equals sign", at: blanks.lowerBound)
        }
        if !isEmpty { try parseWord(&scanner, into: &sink) }
        sink.end()
    }

    private static func takeExport(_ scanner: inout Scanner) -> Bool {
        let start = scanner.index
        guard scanner.take("export") || scanner.take("declare -x"), !scanner.skip(while: Scanner.isBlank).isEmpty else {
            scanner.index = start
            return false
        }
        return true
    }

    /// Takes a name, which no character can end up in that a shell has another use for.
    static func takeName(_ scanner: inout Scanner) -> Range<Int> {
        scanner.skip { byte in
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"),
                UInt8(ascii: "$"), UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"):
                false
            default:
                !Scanner.isBlank(byte) && !Scanner.isLineBreak(byte)
            }
        }
    }

    /// Whether nothing or only a comment is left of the line, when a blank is behind.
    static func isAtLineEnd(_ scanner: Scanner) -> Bool {
        scanner.next.map { Scanner.isLineBreak($0) || $0 == UInt8(ascii: "#") } ?? true
    }

    /// Passes over blanks, a comment and the line break behind an assignment.
    static func endLine(_ scanner: inout Scanner) throws(ParseError) {
        scanner.skip(while: Scanner.isBlank)
        if scanner.isAtEnd || scanner.takeLineBreak() { return }
        // Without a blank before it, a number sign is part of the word.
        guard scanner.next == UInt8(ascii: "#"), Scanner.isBlank(scanner.bytes[scanner.index - 1]) else {
            throw scanner.fault("expected the end of the line; put a value with blanks in quotes")
        }
        _ = scanner.skipLine()
    }
}
