/// Base64 (RFC 4648): four characters for three bytes.
///
/// Only the characters that the value alone decides are written. One that shares its six bits with a neighbour of the
/// value, or with padding, is left out.
enum Base64Form {
    /// The characters for 62 and 63.
    enum Alphabet: CaseIterable {
        /// `+` and `/`.
        case standard
        /// `-` and `_`, for URLs and file names.
        case url

        /// The character for a number below 64.
        func character(_ number: UInt8) -> UInt8 {
            switch number {
            case 0..<26: UInt8(ascii: "A") + number
            case 26..<52: UInt8(ascii: "a") + number - 26
            case 52..<62: UInt8(ascii: "0") + number - 52
            case 62: self == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
            default: self == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
            }
        }
    }

    /// Writes what `value` becomes within a text where `before` bytes, modulo 3, stand before it.
    static func write(
        _ value: UnsafeRawBufferPointer, in alphabet: Alphabet, before: Int, to labels: inout Labels
    ) {
        // The characters whose bits all lie in the value: the first begins in it, the last ends in it.
        for index in (8 * before + 5) / 6..<max((8 * before + 5) / 6, 8 * (before + value.count) / 6) {
            labels.append(alphabet.character(sixBits(of: value, at: 6 * index - 8 * before)))
        }
    }

    /// Writes what `value` alone becomes in lines of `width` characters.
    static func write(
        _ value: UnsafeRawBufferPointer, in alphabet: Alphabet, width: Int, to labels: inout Labels
    ) {
        for index in 0..<8 * value.count / 6 {
            if index > 0, index % width == 0 { labels.append(UInt8(ascii: "\n")) }
            labels.append(alphabet.character(sixBits(of: value, at: 6 * index)))
        }
    }

    /// Six bits, the first of which has the number `bit`.
    private static func sixBits(of value: UnsafeRawBufferPointer, at bit: Int) -> UInt8 {
        let byte = bit >> 3
        let next = byte + 1 < value.count ? value[byte + 1] : 0
        return UInt8((UInt16(value[byte]) << 8 | UInt16(next)) >> UInt16(10 - bit & 7) & 0x3f)
    }
}
