public import Sodium

/// Crockford's base32: 32 symbols without I, L, O and U, so that what is written by hand is read as it was meant.
///
/// Text and bytes stay in protected memory. `I` and `L` are read as 1 and `O` as 0, in either case of letters.
public enum CrockfordBase32 {
    private static let symbols = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The number of bytes that a whole number of symbols stands for: 5, for 8 symbols.
    static let stepByteCount = 5

    /// The symbols of `bytes`, a multiple of 5 of them, in groups of `size` joined by `-`.
    public static func text(
        of bytes: borrowing SecureBytes, inGroupsOf size: Int, isLowercase: Bool = false
    ) -> SecureBytes {
        bytes.withUnsafeBytes { bytes in
            precondition(bytes.count % stepByteCount == 0)
            let symbolCount = bytes.count * 8 / 5
            var text = SecureBuffer(capacity: symbolCount + symbolCount / size)
            for index in 0..<symbolCount {
                if index > 0, index.isMultiple(of: size) { text.append(UInt8(ascii: "-")) }
                let symbol = symbols[value(at: index, of: bytes)]
                text.append(isLowercase && symbol >= UInt8(ascii: "A") ? symbol | 0x20 : symbol)
            }
            return text.finish()
        }
    }

    /// The five bits that symbol `index` stands for.
    private static func value(at index: Int, of bytes: UnsafeRawBufferPointer) -> Int {
        (0..<5).reduce(0) { value, bit in
            let position = index * 5 + bit
            return value << 1 | Int(bytes[position / 8] >> (7 - position % 8) & 1)
        }
    }

    /// The bytes that `text` stands for, hyphens and white space in it passed over; nil where it has another symbol, or
    /// not symbols for `byteCount` bytes, which is a multiple of 5.
    static func bytes(of text: UnsafeRawBufferPointer, byteCount: Int) -> SecureBytes? {
        var bytes = SecureBuffer(capacity: byteCount)
        var bits: UInt64 = 0
        var symbolCount = 0
        for character in text where !isSeparator(character) {
            guard let value = value(of: character), bytes.count < byteCount else { return nil }
            bits = bits << 5 | UInt64(value)
            symbolCount += 1
            guard symbolCount.isMultiple(of: 8) else { continue }
            for shift in stride(from: 32, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        guard bytes.count == byteCount, symbolCount == byteCount * 8 / 5 else { return nil }
        return bytes.finish()
    }

    /// Whether `character` stands between groups.
    static func isSeparator(_ character: UInt8) -> Bool {
        [UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
            .contains(character)
    }

    /// What a symbol stands for, 0 to 31; nil for what is none.
    static func value(of symbol: UInt8) -> UInt8? {
        switch symbol {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return symbol - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            let capital = symbol & ~0x20
            switch capital {
            case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
            case UInt8(ascii: "O"): return 0
            default: return symbols.firstIndex(of: capital).map { UInt8($0) }
            }
        default: return nil
        }
    }
}
