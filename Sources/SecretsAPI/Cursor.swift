/// Where a page of a list starts, as an opaque text: 16 hexadecimal digits.
enum Cursor {
    /// The cursor for what follows `sequence`.
    static func text(_ sequence: Int64) -> String {
        let digits = String(sequence, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The sequence that `cursor` stands for; nil for a text that is none of ours.
    static func sequence(_ cursor: String) -> Int64? {
        guard cursor.utf8.count == 16, let sequence = Int64(cursor, radix: 16), text(sequence) == cursor else {
            return nil
        }
        return sequence
    }
}
