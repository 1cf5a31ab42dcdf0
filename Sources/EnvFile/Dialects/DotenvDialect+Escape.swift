/// What python-dotenv makes of single bytes.
extension DotenvDialect {
    static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

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
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): UInt8(ascii: "\n")
        case UInt8(ascii: "r"): UInt8(ascii: "\r")
        case UInt8(ascii: "t"): UInt8(ascii: "\t")
        case UInt8(ascii: "v"): 0x0B
        default: nil
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
        while let byte = next, withLineBreaks || !DotenvDialect.isLineBreak(byte) {
            let length = WhiteSpace.pythonLength(in: bytes, at: index)
            if length == 0 { break }
            index += length
        }
        return start..<index
    }
}
