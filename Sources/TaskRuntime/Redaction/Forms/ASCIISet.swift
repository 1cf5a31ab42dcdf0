/// A set of ASCII characters.
struct ASCIISet: Equatable {
    private let low: UInt64
    private let high: UInt64

    /// The letters and digits.
    static let alphanumerics = ASCIISet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    /// The characters of `text`, and those of `others`.
    init(_ text: StaticString, and others: ASCIISet? = nil) {
        var (low, high) = (others?.low ?? 0, others?.high ?? 0)
        for index in 0..<text.utf8CodeUnitCount {
            let byte = text.utf8Start[index]
            precondition(byte < 128)
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        self.init(low: low, high: high)
    }

    private init(low: UInt64, high: UInt64) {
        (self.low, self.high) = (low, high)
    }

    /// Those of `bytes` that are ASCII.
    init(_ bytes: UnsafeRawBufferPointer) {
        var (low, high) = (UInt64(0), UInt64(0))
        for byte in bytes where byte < 128 {
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        self.init(low: low, high: high)
    }

    /// Whether there are none.
    var isEmpty: Bool { low | high == 0 }

    /// Whether the two have a character in common.
    func intersects(_ other: ASCIISet) -> Bool { low & other.low | high & other.high != 0 }

    /// Those of these characters that are not in `other`.
    func subtracting(_ other: ASCIISet) -> ASCIISet { ASCIISet(low: low & ~other.low, high: high & ~other.high) }

    /// Whether `byte` is one of them.
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 != 0
    }
}
