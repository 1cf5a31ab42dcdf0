/// What Docker Compose 2 makes of single characters (compose-go's `expandEscapes` and package `template`).
extension ComposeDialect {
    /// Takes one byte of a value; or `$$`, or what the encoder writes for a `$`, or for nothing.
    static func takeLiteral(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) {
        if scanner.take("$$") || scanner.take(dollar) {
            sink.append(UInt8(ascii: "$"))
        } else if !scanner.take(nothing), let byte = scanner.take() {
            sink.append(byte)
        }
    }

    /// Takes an escape in double quotes. Returns whether there was one: before other characters a backslash is literal.
    static func takeEscape(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) -> Bool {
        guard let byte = scanner.peek(1) else { return false }
        if byte == UInt8(ascii: "0") { return takeOctal(&scanner, into: &sink) }
        guard let escaped = escape(byte) else { return false }
        sink.append(escaped)
        scanner.index += 2
        return true
    }

    /// Takes `\0` and three octal digits: a code point up to U+00FF.
    private static func takeOctal(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) -> Bool {
        var value = 0
        for offset in 2...4 {
            guard let digit = scanner.peek(offset), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
                return false
            }
            value = value * 8 + Int(digit - UInt8(ascii: "0"))
        }
        guard let byte = UInt8(exactly: value) else { return false }
        if byte < 0x80 {
            sink.append(byte)
        } else {
            sink.append(0xC0 | byte >> 6)
            sink.append(0x80 | byte & 0x3F)
        }
        scanner.index += 5
        return true
    }

    private static func escape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"): byte
        default: Scanner.controlCharacter(for: byte)
        }
    }
}

extension Scanner {
    /// Passes over what is white space to Go, line feeds among it only if asked for; returns where it was.
    @discardableResult
    mutating func skipSpace(withLineFeeds: Bool) -> Range<Int> {
        let start = index
        while let byte = next, withLineFeeds || byte != UInt8(ascii: "\n") {
            let length = WhiteSpace.length(in: bytes, at: index)
            if length == 0 { break }
            index += length
        }
        return start..<index
    }

    /// Passes over what is a blank to compose-go around names and before values (its `isSpace`).
    mutating func skipBlanks() {
        while let byte = next, byte != UInt8(ascii: "\n"), byte <= 0x20 || byte == 0xC2 {
            let length = WhiteSpace.length(in: bytes, at: index)
            if length == 0 { break }
            index += length
        }
    }
}
