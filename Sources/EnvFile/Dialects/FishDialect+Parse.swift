extension FishDialect {
    /// Reads `set` of exported variables (`set -gx`, `set -x -U`, `set --global --export`) to at most one value, and
    /// `export NAME=value`.
    ///
    /// One stands on a line. Line breaks inside quotes are part of the value as they stand, CRLF too.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var scanner = scanner
        while true {
            scanner.skip { Scanner.isBlank($0) || Scanner.isLineBreak($0) }
            guard let first = scanner.next else { return }
            if first == UInt8(ascii: "#") {
                _ = scanner.skipLine()
            } else {
                try parseLine(&scanner, into: &sink)
                try ShellDialect.endLine(&scanner)
            }
        }
    }

    private static func parseLine(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        let isSet = takeWord("set", &scanner)
        guard isSet ? takeOptions(&scanner) : takeWord("export", &scanner) else {
            throw scanner.fault("expected set -gx NAME value", at: start)
        }
        let name = ShellDialect.takeName(&scanner)
        let isSpaced = isSet && !scanner.skip(while: Scanner.isBlank).isEmpty
        let isEmpty = isSet && ShellDialect.isAtLineEnd(scanner)
        guard isSpaced || isEmpty || !isSet && scanner.take("=") else {
            throw scanner.fault("expected set -gx NAME value", at: start)
        }
        sink.begin(name: try scanner.entryName(name), at: scanner.position(at: name.lowerBound))
        if !isEmpty { try parseWord(&scanner, into: &sink) }
        sink.end()
    }

    /// Takes `word` and the blanks behind it, if both come next.
    private static func takeWord(_ word: StaticString, _ scanner: inout Scanner) -> Bool {
        scanner.take(word) && !scanner.skip(while: Scanner.isBlank).isEmpty
    }

    /// Takes the options of `set`. Returns whether they are such as export a variable.
    private static func takeOptions(_ scanner: inout Scanner) -> Bool {
        var exports = false
        while scanner.take("-") {
            if scanner.take("-export") {
                exports = true
            } else if !scanner.take("-global"), !scanner.take("-universal") {
                let letters = scanner.slice(
                    scanner.skip { $0 == UInt8(ascii: "g") || $0 == UInt8(ascii: "U") || $0 == UInt8(ascii: "x") })
                if letters.isEmpty { return false }
                exports = exports || letters.contains(UInt8(ascii: "x"))
            }
            if scanner.skip(while: Scanner.isBlank).isEmpty { return false }
        }
        return exports
    }
}
