extension YAMLMapping {
    /// Takes the scalar that is the value of the last name, and hands over its content.
    ///
    /// Returns where its text stands in the file, without quotes and block header. Throws ``ParseError`` for everything
    /// that is no scalar.
    @discardableResult
    mutating func value(into sink: inout some ByteSink & ~Copyable) throws(ParseError) -> Range<Int> {
        scanner.skip(while: Scanner.isBlank)
        let isTagged = scanner.starts(with: "!!str") && scanner.isGap(5)
        if isTagged {
            scanner.index += 5
            scanner.skip(while: Scanner.isBlank)
        }
        if scanner.next == UInt8(ascii: "#") || scanner.isGap(0) {
            // The value may stand on a line of its own.
            try scanner.endLine()
            let end = scanner.index
            scanner.skipEmptyLines()
            let found = scanner.indentation
            if scanner.isAtEnd || found <= indent { return end..<end }
            scanner.index += found
        }
        let text: Range<Int>
        switch scanner.next {
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return try scanner.blockScalar(deeperThan: indent, into: &sink)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): text = try scanner.quotedScalar(deeperThan: indent, into: &sink)
        default:
            try scanner.refuseIndicator()
            var ahead = scanner
            var nowhere = Nowhere()
            text = try ahead.plainScalar(deeperThan: indent, into: &nowhere)
            if !isTagged, scanner.isNull(text) {
                scanner = ahead
            } else {
                try scanner.plainScalar(deeperThan: indent, into: &sink)
            }
        }
        try scanner.endLine()
        return text
    }
}

extension Scanner {
    /// Throws ``ParseError`` for a character that a plain scalar cannot begin with (YAML 1.2, 7.3.3).
    func refuseIndicator() throws(ParseError) {
        switch next {
        case UInt8(ascii: "-") where isGap(1): throw fault("a sequence is not read here; write NAME: value")
        case UInt8(ascii: "?") where isGap(1), UInt8(ascii: ":") where isGap(1):
            throw fault("write NAME: value; put text that begins like this in quotes")
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw fault("flow collections are not read here; put text that begins like this in quotes")
        case UInt8(ascii: "&"), UInt8(ascii: "*"):
            throw fault("anchors and aliases are not read; put text that begins like this in quotes")
        case UInt8(ascii: "!"):
            throw fault("tags are not read but for !!str; put text that begins like this in quotes")
        case UInt8(ascii: "\t"): throw fault("indent with spaces, not with tabs")
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "|"),
            UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            throw fault("text that begins like this must be put in quotes")
        default: break
        }
    }

    /// Whether a plain scalar stands for nothing (YAML 1.2, 10.3.2).
    fileprivate func isNull(_ text: Range<Int>) -> Bool {
        let words: [StaticString] = ["~", "null", "Null", "NULL"]
        var ahead = self
        ahead.index = text.lowerBound
        return words.contains { text.count == $0.utf8CodeUnitCount && ahead.starts(with: $0) }
    }
}

/// Takes what nobody wants.
struct Nowhere: ByteSink {
    mutating func append(_ byte: UInt8) {}
    mutating func append(_ bytes: UnsafeRawBufferPointer) {}
}
