/// Scalars of YAML whose lines are folded (YAML 1.2, 7.3): plain and quoted.
///
/// Lines that go on with a scalar must be indented deeper than its name.
extension Scanner {
    /// Takes a plain scalar; returns where it stands.
    @discardableResult
    mutating func plainScalar(
        deeperThan indent: Int, into sink: inout some ByteSink & ~Copyable
    ) throws(ParseError) -> Range<Int> {
        let start = index
        while true {
            let word = skip { !Self.isBlank($0) && !Self.isLineBreak($0) }
            if bytes[index - 1] == UInt8(ascii: ":") {
                throw fault(
                    "mappings in a value are not read; put text with a colon and a blank in quotes", at: index - 1)
            }
            sink.append(slice(word))
            let gap = skip(while: Self.isBlank)
            if let byte = next, Self.isLineBreak(byte) {
                let fold = takeFold()
                guard fold.indentation > indent, !isAtEnd, next != UInt8(ascii: "#") else {
                    index = word.upperBound
                    return start..<index
                }
                if fold.breaks == 1 { sink.append(" ") }
                sink.append(lineFeeds: fold.breaks - 1)
            } else if isAtEnd || next == UInt8(ascii: "#") {
                index = word.upperBound
                return start..<index
            } else {
                sink.append(slice(gap))
            }
        }
    }

    /// Takes a scalar in single or double quotes; returns where it stands between them.
    @discardableResult
    mutating func quotedScalar(
        deeperThan indent: Int, into sink: inout some ByteSink & ~Copyable
    ) throws(ParseError) -> Range<Int> {
        let start = index
        let quote = bytes[index]
        let isDouble = quote == UInt8(ascii: "\"")
        index += 1
        while true {
            let run = skip {
                $0 != quote && !(isDouble && $0 == UInt8(ascii: "\\")) && !Self.isBlank($0) && !Self.isLineBreak($0)
            }
            sink.append(slice(run))
            switch next {
            case nil: throw fault("the closing quote is missing", at: start)
            case quote where !isDouble && peek(1) == quote:
                sink.append(quote)
                index += 2
            case quote:
                index += 1
                return start + 1..<index - 1
            case UInt8(ascii: "\\"):
                if try !takeEscape(into: &sink) { try continueQuoted(deeperThan: indent, into: &sink) }
            default:
                let gap = skip(while: Self.isBlank)
                if next.map(Self.isLineBreak) == true {
                    if try continueQuoted(deeperThan: indent, into: &sink) == 1 { sink.append(" ") }
                } else {
                    sink.append(slice(gap))
                }
            }
        }
    }

    /// Goes on to the next line with text, and hands over a line feed for each empty line before it. Returns how many
    /// line breaks there were.
    @discardableResult
    private mutating func continueQuoted(
        deeperThan indent: Int, into sink: inout some ByteSink & ~Copyable
    ) throws(ParseError) -> Int {
        let fold = takeFold()
        guard isAtEnd || fold.indentation > indent else {
            throw fault("the lines of a value must be indented deeper than its name")
        }
        sink.append(lineFeeds: fold.breaks - 1)
        return fold.breaks
    }

    /// Takes line breaks and the blanks at the start of the lines behind them. Returns how many breaks there were, and
    /// how many spaces the last line starts with.
    private mutating func takeFold() -> (breaks: Int, indentation: Int) {
        var fold = (breaks: 0, indentation: 0)
        while takeLineBreak() {
            fold.breaks += 1
            fold.indentation = indentation
            skip(while: Self.isBlank)
        }
        return fold
    }
}
