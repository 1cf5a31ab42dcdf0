/// Hexadecimal digits, for the escapes that JSON and YAML share.
enum Hexadecimal {
    /// Writes the last `count` digits of `number`.
    static func append(_ number: UInt32, digits count: Int, to sink: inout some ByteSink & ~Copyable) {
        for place in stride(from: (count - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(number >> UInt32(place) & 0xF)
            sink.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
        }
    }

    /// The number that the next `count` (at most 8) digits stand for, taken from `scanner`; nil, and nothing taken, when
    /// they are not all digits.
    static func take(digits count: Int, from scanner: inout Scanner) -> UInt32? {
        var number: UInt32 = 0
        for offset in 0..<count {
            switch scanner.peek(offset) {
            case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
                number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
            case let byte? where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
                number = number << 4 | UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        scanner.index += count
        return number
    }
}
