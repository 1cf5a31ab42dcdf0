extension ShellDialect {
    /// Reads `$'…'` (bash, "ANSI-C Quoting"), in which bash itself prints values with control characters.
    static func parseANSICQuoted(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index
        scanner.index += 2
        while let byte = scanner.take() {
            switch byte {
            case UInt8(ascii: "'"): return
            case UInt8(ascii: "\\"): try parseEscape(&scanner, into: &sink)
            default: sink.append(byte)
            }
        }
        throw scanner.fault("this quote is not closed", at: start)
    }

    /// Reads what follows a backslash.
    private static func parseEscape(
        _ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable
    ) throws(ParseError) {
        let start = scanner.index - 1
        guard let letter = scanner.next else { return }
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "0")...UInt8(ascii: "7"):
            sink.append(codePoint: try parseByteEscapes(&scanner, at: start))
            return
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let limit = scanner.take() == UInt8(ascii: "u") ? 4 : 8
            guard let scalar = scanner.takeNumber(radix: 16, atMost: limit).flatMap(Unicode.Scalar.init) else {
                throw scanner.fault("expected a Unicode code point in hexadecimal digits", at: start)
            }
            sink.append(codePoint: scalar)
            return
        case UInt8(ascii: "e"), UInt8(ascii: "E"): sink.append(0x1B)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"):
            sink.append(letter)
        case UInt8(ascii: "c"):
            throw scanner.fault("this escape is not read; write the character itself", at: start)
        default:
            guard let control = Scanner.controlCharacter(for: letter) else {
                // bash keeps the backslash before anything else, and so it does not close the quote here.
                sink.append(UInt8(ascii: "\\"))
                return
            }
            sink.append(control)
        }
        scanner.index += 1
    }

    /// Reads `\nnn` and `\xHH`, as many in a row as one character has bytes in UTF-8: bash prints `ä` as `\303\244`.
    private static func parseByteEscapes(_ scanner: inout Scanner, at start: Int) throws(ParseError) -> Unicode.Scalar {
        let notUTF8 = "expected the bytes of a character in UTF-8"
        guard let lead = takeByte(&scanner) else { throw scanner.fault(notUTF8, at: start) }
        if lead < 0x80 { return Unicode.Scalar(lead) }
        // A lead byte starts with as many ones as the character has bytes.
        let count = (~lead).leadingZeroBitCount
        guard (2...4).contains(count) else { throw scanner.fault(notUTF8, at: start) }
        var number = UInt32(lead) & (0x7F >> UInt32(count))
        for _ in 1..<count {
            guard scanner.take("\\"), let byte = takeByte(&scanner), byte & 0xC0 == 0x80 else {
                throw scanner.fault(notUTF8, at: start)
            }
            number = number << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(number), scalar.utf8.count == count else {
            throw scanner.fault(notUTF8, at: start)
        }
        return scalar
    }

    /// Takes what follows the backslash of `\nnn` or `\xHH`.
    private static func takeByte(_ scanner: inout Scanner) -> UInt8? {
        // bash cuts octal numbers past 377 to their last eight bits.
        let number =
            scanner.take("x") ? scanner.takeNumber(radix: 16, atMost: 2) : scanner.takeNumber(radix: 8, atMost: 3)
        return number.map(UInt8.init(truncatingIfNeeded:))
    }
}
