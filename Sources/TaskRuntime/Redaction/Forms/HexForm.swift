/// Whether hexadecimal digits above 9 are written as capital letters.
enum LetterCase: CaseIterable {
    case lower, upper

    /// The digit for a number below 16.
    func digit(_ number: UInt8) -> UInt8 {
        let ten = self == .lower ? UInt8(ascii: "a") : UInt8(ascii: "A")
        return number < 10 ? UInt8(ascii: "0") + number : ten + number - 10
    }

    /// Writes a byte as two digits.
    func write(_ byte: UInt8, to labels: inout Labels) {
        labels.append(digit(byte >> 4))
        labels.append(digit(byte & 0x0f))
    }
}

/// Two hexadecimal digits for each byte (base16 of RFC 4648).
enum HexForm {
    /// How many digits `xxd -p` writes in a line.
    static let width = 60

    /// Writes `value`, broken into lines of `width` digits if that is given.
    static func write(
        _ value: UnsafeRawBufferPointer, in letters: LetterCase, width: Int = .max, to labels: inout Labels
    ) {
        for (index, byte) in value.enumerated() {
            if index > 0, 2 * index % width == 0 { labels.append(UInt8(ascii: "\n")) }
            letters.write(byte, to: &labels)
        }
    }
}
