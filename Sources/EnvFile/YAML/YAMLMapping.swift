/// A block mapping in a YAML document, and a place in it: the subset of YAML 1.2 that flat files are written in.
///
/// Read are names and scalars, plain, quoted and in blocks, over several lines too, comments, and the marks `---` and
/// `...` of a single document. Refused are anchors, aliases, tags but `!!str`, flow collections, sequences, complex
/// names and directives, except inside what is passed over. What belongs to a name stands deeper than it (6.1), so a
/// value can be passed over by indentation alone, however deep it nests.
struct YAMLMapping {
    /// At the start of a line, or behind the colon of a name whose value is still to be read or passed over.
    var scanner: Scanner
    /// How many spaces stand before each name.
    let indent: Int
    /// How many stand before the name that this mapping belongs to; -1 for the document's own.
    private let outerIndent: Int

    /// The mapping that is the whole document. Throws ``ParseError`` for characters that YAML has no place for.
    init(document: Scanner) throws(ParseError) {
        scanner = document
        try scanner.refuseUnprintable()
        scanner.skipEmptyLines()
        if scanner.isAtMark("---") {
            scanner.index += 3
            try scanner.endLine()
            scanner.skipEmptyLines()
        }
        indent = scanner.indentation
        outerIndent = -1
    }

    private init(_ scanner: Scanner, indent: Int, outerIndent: Int) {
        (self.scanner, self.indent, self.outerIndent) = (scanner, indent, outerIndent)
    }

    /// Takes the next name and its colon; nil at the end of the mapping.
    mutating func nextName() throws(ParseError) -> (name: String, position: Position)? {
        scanner.skipEmptyLines()
        if scanner.isAtEnd || scanner.isAtMark("---") || scanner.isAtMark("...") { return nil }
        let found = scanner.indentation
        if found <= outerIndent { return nil }
        let start = scanner.index + found
        guard scanner.peek(found) != UInt8(ascii: "\t") else {
            throw scanner.fault("indent with spaces, not with tabs", at: start)
        }
        guard found == indent else {
            throw scanner.fault("indent this line as the names before it", at: start)
        }
        scanner.index = start
        let name = try scanner.yamlName()
        guard EntryName.isWhole(name) else { throw scanner.fault(EntryName.expectation, at: start) }
        return (name, scanner.position(at: start))
    }

    /// Takes the mapping that is the value of the last name, for its values to be read later; nil if it is empty.
    mutating func takeNested() throws(ParseError) -> YAMLMapping? {
        scanner.skip(while: Scanner.isBlank)
        let isEmpty = scanner.take("{}")
        try scanner.endLine(expecting: "names and values are expected below, one per line and indented")
        scanner.skipEmptyLines()
        let found = scanner.indentation
        if isEmpty || found <= indent || scanner.isAtEnd { return nil }
        let nested = YAMLMapping(scanner, indent: found, outerIndent: indent)
        var ahead = nested
        while try ahead.nextName() != nil { ahead.passOver() }
        scanner = ahead.scanner
        return nested
    }

    /// Passes over the value of the last name, whatever it is.
    mutating func passOver() {
        repeat {
            _ = scanner.skipLine()
            scanner.skipEmptyLines()
            // A sequence may stand as deep as its name.
        } while !scanner.isAtEnd
            && (scanner.indentation > indent
                || scanner.indentation == indent && scanner.isAtIndicator(UInt8(ascii: "-"), offset: indent))
    }

    /// Throws ``ParseError`` if another document follows.
    mutating func endDocument() throws(ParseError) {
        if scanner.isAtMark("...") {
            scanner.index += 3
            try scanner.endLine()
            scanner.skipEmptyLines()
        }
        guard scanner.isAtEnd else { throw scanner.fault("a file must hold one document only") }
    }
}
