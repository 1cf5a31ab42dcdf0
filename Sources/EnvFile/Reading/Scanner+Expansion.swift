extension Scanner {
    /// Passes over `$(…)`, `${…}` or the like, which is never expanded; returns where it was.
    ///
    /// A shell would read quotes in there for themselves, so what they would mean for the word around cannot be told:
    /// they are refused, as is an `opening` without its `closing`.
    mutating func skipExpansion(from opening: StaticString, to closing: UInt8) throws(ParseError) -> Range<Int> {
        let start = index
        index += opening.utf8CodeUnitCount
        var depth = 1
        while let byte = next {
            switch byte {
            case closing:
                depth -= 1
            case UInt8(ascii: "(") where closing == UInt8(ascii: ")"):
                depth += 1
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw fault("nothing is expanded here; write the value itself, or put it in single quotes")
            default:
                break
            }
            index += 1
            if depth == 0 { return start..<index }
        }
        throw fault("this is not closed; put the value in single quotes if it is to stand as it is", at: start)
    }
}
