/// What python-dotenv makes of single bytes.
extension DotenvDialect {
    /// Takes one byte of a value; or what the encoder writes for a `$`, or for nothing.
    static func takeLiteral(_ scanner: inout Scanner, into sink: inout some EntrySink & ~Copyable) {
        if scanner.take("${:-$}") {
            sink.append(UInt8(ascii: "$"))
        } else if !scanner.take("${:-}"), let byte = scanner.take() {
            sink.append(byte)
        }
    }

    /// What `byte` stands for behind a backslash in double quotes; nil when the backslash is literal.
    static func doubleQuoteEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): byte
        default: Scanner.controlCharacter(for: byte)
        }
    }

    /// The same in single quotes.
    static func singleQuoteEscape(_ byte: UInt8) -> UInt8? {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "'") ? byte : nil
    }
}

extension Scanner {
    /// Passes over what is white space to Python, line breaks among it only if asked for; returns where it was.
    @discardableResult
    mutating func skipPythonSpace(withLineBreaks: Bool) -> Range<Int> {
        let start = index
        while let byte = next, withLineBreaks || !Scanner.isLineBreak(byte) {
            let length = WhiteSpace.pythonLength(in: bytes, at: index)
            if length == 0 { break }
            index += length
        }
        return start..<index
    }
}
