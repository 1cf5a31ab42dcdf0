extension JSONDialect {
    /// Takes a string with its quotes and hands over its content (RFC 8259, section 7).
    static func string(_ scanner: inout Scanner, into sink: inout some ByteSink & ~Copyable) throws(ParseError) {
        let start = scanner.index
        scanner.index += 1
        while true {
            let plain = scanner.skip { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            sink.append(scanner.slice(plain))
            switch scanner.next {
            case nil: throw scanner.fault("the closing quote of this string is missing", at: start)
            case UInt8(ascii: "\""):
                scanner.index += 1
                return
            case UInt8(ascii: "\\"): try escape(&scanner, into: &sink)
            default: throw scanner.fault("a control character in a string must be escaped: \\n, \\t, \\u0001")
            }
        }
    }

    private static func escape(_ scanner: inout Scanner, into sink: inout some ByteSink & ~Copyable) throws(ParseError)
    {
        let start = scanner.index
        scanner.index += 1
        switch scanner.take() {
        case UInt8(ascii: "\""): sink.append("\"")
        case UInt8(ascii: "\\"): sink.append("\\")
        case UInt8(ascii: "/"): sink.append("/")
        case UInt8(ascii: "b"): sink.append(0x08)
        case UInt8(ascii: "f"): sink.append(0x0C)
        case UInt8(ascii: "n"): sink.append("\n")
        case UInt8(ascii: "r"): sink.append("\r")
        case UInt8(ascii: "t"): sink.append("\t")
        case UInt8(ascii: "u"): sink.append(codePoint: try codePoint(&scanner, from: start))
        default: throw scanner.fault("no such escape; a backslash itself is written \\\\", at: start)
        }
    }

    /// Takes the digits of `\uXXXX`, and a second such escape where two make up one code point.
    private static func codePoint(_ scanner: inout Scanner, from start: Int) throws(ParseError) -> Unicode.Scalar {
        guard let first = Hexadecimal.take(digits: 4, from: &scanner) else {
            throw scanner.fault("four hexadecimal digits are expected behind \\u", at: start)
        }
        if first == 0 { throw scanner.fault("NUL cannot be part of a name or value", at: start) }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, scanner.take("\\u"), let second = Hexadecimal.take(digits: 4, from: &scanner),
            0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw scanner.fault("half of a surrogate pair; both halves must stand side by side", at: start) }
        return scalar
    }
}
