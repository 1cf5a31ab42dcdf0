extension JSONDialect {
    /// Reads one object, strictly as RFC 8259 has it.
    ///
    /// Strings are values; numbers, `true` and `false` count as their text, since `"PORT": 8080` is common. `null`,
    /// arrays and objects are refused, so nothing nests. A name that comes twice is handed over twice.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var scanner = scanner
        skipBlanks(&scanner)
        guard scanner.take("{") else { throw scanner.fault("one object is expected: { \"NAME\": \"value\" }") }
        skipBlanks(&scanner)
        if !scanner.take("}") {
            repeat { try member(&scanner, into: &sink) } while scanner.take(",")
            guard scanner.take("}") else { throw scanner.fault("a comma or the closing } is expected") }
        }
        skipBlanks(&scanner)
        guard scanner.isAtEnd else { throw scanner.fault("nothing may follow the object") }
    }

    /// Takes `"name": value` and the blanks around it.
    private static func member(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError)
    {
        skipBlanks(&scanner)
        let start = scanner.index
        guard scanner.next == UInt8(ascii: "\"") else { throw scanner.fault("a name in double quotes is expected") }
        var name = NameSink()
        try string(&scanner, into: &name)
        guard EntryName.isWhole(name.name) else { throw scanner.fault(EntryName.expectation, at: start) }
        sink.begin(name: name.name, at: scanner.position(at: start))
        skipBlanks(&scanner)
        guard scanner.take(":") else { throw scanner.fault("a colon is expected behind the name") }
        skipBlanks(&scanner)
        try value(&scanner, into: &sink)
        sink.end()
        skipBlanks(&scanner)
    }

    private static func value(_ scanner: inout Scanner, into sink: inout some ByteSink & ~Copyable) throws(ParseError) {
        switch scanner.next {
        case UInt8(ascii: "\""): try string(&scanner, into: &sink)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): try number(&scanner, into: &sink)
        case UInt8(ascii: "t") where scanner.take("true"): sink.append("true")
        case UInt8(ascii: "f") where scanner.take("false"): sink.append("false")
        case UInt8(ascii: "n") where scanner.starts(with: "null"):
            throw scanner.fault("null is no value; write a string, or leave the member out")
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            throw scanner.fault("a value must be a string, not an array or object")
        default: throw scanner.fault("a string is expected")
        }
    }

    /// RFC 8259, section 6.
    private static func number(_ scanner: inout Scanner, into sink: inout some ByteSink & ~Copyable) throws(ParseError)
    {
        let start = scanner.index
        _ = scanner.take("-")
        if !scanner.take("0") { try digits(&scanner) }
        if scanner.take(".") { try digits(&scanner) }
        if scanner.take("e") || scanner.take("E") {
            _ = scanner.take("+") || scanner.take("-")
            try digits(&scanner)
        }
        sink.append(scanner.slice(start..<scanner.index))
    }

    private static func digits(_ scanner: inout Scanner) throws(ParseError) {
        let digits = scanner.skip(while: isDigit)
        if digits.isEmpty { throw scanner.fault("a digit is expected") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// The four bytes of section 2.
    private static func skipBlanks(_ scanner: inout Scanner) {
        scanner.skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }
}
