/// Counts lines and columns, going on from the place that was asked for last.
///
/// So asking for the position of every name in turn stays linear in the file's size. A class, since what was counted
/// holds for all copies of a ``Scanner``.
final class LineCount {
    /// The byte that was asked for last, and its place.
    private var index = 0
    private var line = 1
    private var column = 1

    /// The place of the byte at `target` (at most their count) in `bytes`, which must be the same at every call.
    func position(of target: Int, in bytes: UnsafeRawBufferPointer) -> Position {
        if target < index { (index, line, column) = (0, 1, 1) }
        while index < target {
            let byte = bytes[index]
            index += 1
            let endsLine =
                byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r") && (index == bytes.count || bytes[index] != UInt8(ascii: "\n"))
            if endsLine {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                // A code point's further bytes, 10xxxxxx, take no column.
                column += 1
            }
        }
        return Position(line: line, column: column)
    }
}
