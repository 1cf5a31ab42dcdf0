/// White space beyond ASCII's, which readers written in Python and Go pass over.
enum WhiteSpace {
    /// The length in bytes of the character at `index` if it is white space to Unicode (`White_Space`) and Go
    /// (`unicode.IsSpace`); otherwise 0.
    static func length(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        func follows(_ second: UInt8, _ third: ClosedRange<UInt8>) -> Bool {
            index + 2 < bytes.count && bytes[index + 1] == second && third.contains(bytes[index + 2])
        }
        switch bytes[index] {
        case 0x09...0x0D, 0x20:
            return 1
        case 0xC2 where index + 1 < bytes.count && (bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0):
            return 2
        case 0xE1 where follows(0x9A, 0x80...0x80):  // U+1680
            return 3
        case 0xE2 where follows(0x80, 0x80...0x8A) || follows(0x80, 0xA8...0xA9):  // U+2000–200A, U+2028–2029
            return 3
        case 0xE2 where follows(0x80, 0xAF...0xAF) || follows(0x81, 0x9F...0x9F):  // U+202F, U+205F
            return 3
        case 0xE3 where follows(0x80, 0x80...0x80):  // U+3000
            return 3
        default:
            return 0
        }
    }

    /// The same for Python (`\s`), to which the four separators U+001C–1F are white space, too.
    static func pythonLength(in bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        (0x1C...0x1F).contains(bytes[index]) ? 1 : length(in: bytes, at: index)
    }
}
