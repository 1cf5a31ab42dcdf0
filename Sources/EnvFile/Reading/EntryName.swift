/// What a parser hands over as a name: anything without blanks, control characters and byte order marks. Whether it is fit
/// for a secret is judged elsewhere.
enum EntryName {
    static let expectation = "a name must not be empty or hold blanks or control characters"

    static func isWhole(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                // A byte order mark at the start of a file is lost with the next reading.
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control && $0 != "\u{FEFF}"
            }
    }
}
