extension FishDialect {
    /// Reads one word of fish: quoted and unquoted parts with no blank between them (fish, "Quotes", "Escaping").
    ///
    /// `$NAME`, `$(…)`, `~` and wildcards stay as they stand.
    static func parseWord(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        while let byte = scanner.next, !Scanner.isBlank(byte), !Scanner.isLineBreak(byte) {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                try parseQuoted(&scanner, by: byte, into: &sink)
            case UInt8(ascii: "\\"):
                try parseEscape(&scanner, into: &sink)
            case UInt8(ascii: "$") where scanner.peek(1) == UInt8(ascii: "("):
                sink.append(scanner.slice(try scanner.skipExpansion(from: "$(", to: UInt8(ascii: ")"))))
            case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                throw scanner.fault("fish has a use of its own for this character; put the value in quotes")
            default:
                sink.append(byte)
                scanner.index += 1
            }
        }
    }

    private static func parseQuoted(
        _ scanner: inout Scanner, by quote: UInt8, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        let isDouble = quote == UInt8(ascii: "\"")
        scanner.index += 1
        while let byte = scanner.next {
            if isDouble, scanner.starts(with: "$(") {
                sink.append(scanner.slice(try scanner.skipExpansion(from: "$(", to: UInt8(ascii: ")"))))
                continue
            }
            scanner.index += 1
            if byte == quote { return }
            guard byte == UInt8(ascii: "\\") else {
                sink.append(byte)
                continue
            }
            if isDouble, scanner.takeLineBreak() { continue }
            switch scanner.next {
            case quote, UInt8(ascii: "\\"):
                sink.append(scanner.bytes[scanner.index])
                scanner.index += 1
            case UInt8(ascii: "$") where isDouble:
                sink.append(UInt8(ascii: "$"))
                scanner.index += 1
            default:
                sink.append(byte)
            }
        }
        throw scanner.fault("this quote is not closed", at: start)
    }

    /// Reads a backslash outside quotes and what follows it.
    private static func parseEscape(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        if scanner.takeLineBreak() { return }
        guard let letter = scanner.take() else {
            throw scanner.fault("expected a character behind the backslash", at: start)
        }
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            try append(scanner.takeNumber(radix: 16, atMost: 2), below: 0x80)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            scanner.index -= 1
            try append(scanner.takeNumber(radix: 8, atMost: 3), below: 0x80)
        case UInt8(ascii: "u"):
            try append(scanner.takeNumber(radix: 16, atMost: 4), below: 0x11_0000)
        case UInt8(ascii: "U"):
            try append(scanner.takeNumber(radix: 16, atMost: 8), below: 0x11_0000)
        case UInt8(ascii: "e"): sink.append(0x1B)
        case UInt8(ascii: "c"):
            throw scanner.fault("this escape is not read; write the character itself", at: start)
        default: sink.append(Scanner.controlCharacter(for: letter) ?? letter)
        }

        func append(_ number: UInt32?, below limit: UInt32) throws(ParseError) {
            guard let number, number < limit, let scalar = Unicode.Scalar(number) else {
                throw scanner.fault("expected the number of a character; write the character itself", at: start)
            }
            sink.append(codePoint: scalar)
        }
    }
}
