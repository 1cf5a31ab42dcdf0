/// The tokens of YAML that stand between values.
extension Scanner {
    /// Throws ``ParseError`` for a character that must stand escaped (``YAMLEscape``).
    func refuseUnprintable() throws(ParseError) {
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            default:
                if YAMLEscape.codePoint(at: index, in: bytes) != nil {
                    throw fault(
                        "this character must stand escaped, in double quotes: \"\\x07\", \"\\u2028\"", at: index)
                }
            }
        }
    }

    /// How many spaces come next.
    var indentation: Int {
        var ahead = self
        return ahead.skip { $0 == UInt8(ascii: " ") }.count
    }

    /// Whether the byte `offset` behind the next one is a blank or line break, or the end is there.
    func isGap(_ offset: Int) -> Bool {
        peek(offset).map { Self.isBlank($0) || Self.isLineBreak($0) } ?? true
    }

    /// Whether `indicator` stands `offset` behind the next byte, on its own.
    func isAtIndicator(_ indicator: UInt8, offset: Int = 0) -> Bool {
        peek(offset) == indicator && isGap(offset + 1)
    }

    /// Whether a mark of three bytes that begins or ends a document comes next.
    func isAtMark(_ mark: StaticString) -> Bool {
        starts(with: mark) && isGap(3)
    }

    /// From the start of a line, passes over lines that are blank or hold but a comment.
    mutating func skipEmptyLines() {
        while !isAtEnd {
            let start = index
            skip(while: Self.isBlank)
            guard next == nil || next == UInt8(ascii: "#") || next.map(Self.isLineBreak) == true else {
                index = start
                return
            }
            _ = skipLine()
        }
    }

    /// Passes over blanks, a comment set off by a blank, and the line break; throws ``ParseError`` for anything else.
    mutating func endLine(expecting expectation: String = "nothing but a comment may follow here") throws(ParseError) {
        skip(while: Self.isBlank)
        let isAtComment = next == UInt8(ascii: "#") && index > 0 && Self.isBlank(bytes[index - 1])
        guard isAtComment || isGap(0) else { throw fault(expectation) }
        _ = skipLine()
    }

    /// Takes a name and the colon behind it.
    mutating func yamlName() throws(ParseError) -> String {
        let start = index
        var quoted: String?
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") {
            var name = NameSink()
            try quotedScalar(deeperThan: 0, into: &name)
            quoted = name.name
            if slice(start..<index).contains(where: Self.isLineBreak) {
                throw fault("a name must stand on one line", at: start)
            }
        } else {
            try refuseIndicator()
            while let byte = next, !Self.isLineBreak(byte), !isAtIndicator(UInt8(ascii: ":")) { index += 1 }
        }
        let end = index
        skip(while: Self.isBlank)
        guard isAtIndicator(UInt8(ascii: ":")) else { throw fault("a colon and a blank are expected behind the name") }
        index += 1
        // Only now it is sure to be a name, and none of the lines of a value.
        return quoted ?? name(trimmed(start..<end))
    }

    /// `range` without the blanks at its end.
    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return range.lowerBound..<end
    }
}
