extension Scanner {
    /// Takes an escape of a double-quoted scalar (YAML 1.2, 5.7) and hands over what it stands for; of an escaped line
    /// break only the backslash, and returns false.
    mutating func takeEscape(into sink: inout some ByteSink & ~Copyable) throws(ParseError) -> Bool {
        let start = index
        index += 1
        if next.map(Self.isLineBreak) == true { return false }
        let digits: Int
        switch take() {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case let letter?:
            guard let scalar = Self.escaped(letter) else {
                throw fault("no such escape; a backslash itself is written \\\\", at: start)
            }
            sink.append(codePoint: scalar)
            return true
        case nil: throw fault("the closing quote is missing", at: start)
        }
        guard let number = Hexadecimal.take(digits: digits, from: &self) else {
            throw fault("hexadecimal digits are missing: \\x takes 2, \\u takes 4, \\U takes 8", at: start)
        }
        guard number != 0 else { throw fault("NUL cannot be part of a name or value", at: start) }
        guard let scalar = Unicode.Scalar(number) else { throw fault("this is no code point", at: start) }
        sink.append(codePoint: scalar)
        return true
    }

    /// What a backslash and one character stand for; nil when there is no such escape, or it is NUL's.
    private static func escaped(_ character: UInt8) -> Unicode.Scalar? {
        switch Unicode.Scalar(character) {
        case "\"", "\\", "/", " ", "\t": Unicode.Scalar(character)
        case "a": "\u{07}"
        case "b": "\u{08}"
        case "t": "\t"
        case "n": "\n"
        case "v": "\u{0B}"
        case "f": "\u{0C}"
        case "r": "\r"
        case "e": "\u{1B}"
        case "N": "\u{85}"
        case "_": "\u{A0}"
        case "L": "\u{2028}"
        case "P": "\u{2029}"
        default: nil
        }
    }
}
