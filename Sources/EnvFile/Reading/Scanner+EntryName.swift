extension Scanner {
    /// The name that stands in `range`, as written. Throws ``ParseError`` for one that is none.
    func entryName(_ range: Range<Int>) throws(ParseError) -> String {
        let text = name(range)
        guard EntryName.isWhole(text) else { throw fault(EntryName.expectation, at: range.lowerBound) }
        return text
    }
}
