extension YAMLDialect {
    /// Reads one document: a block mapping of names to scalars, of any style (``YAMLMapping``).
    ///
    /// A plain scalar counts as its text (`8080`, `true` and `1.10` stay as written), except that `null`, `~` and nothing
    /// at all are an empty value. A name that comes twice is handed over twice.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var mapping = try YAMLMapping(document: scanner)
        while let (name, position) = try mapping.nextName() {
            sink.begin(name: name, at: position)
            try mapping.value(into: &sink)
            sink.end()
        }
        try mapping.endDocument()
    }
}
