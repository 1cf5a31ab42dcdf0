extension Base64 {
    /// Hands over what the base64 at `range` stands for, blanks and line breaks in it aside. Throws ``ParseError`` if it
    /// is not base64, or not of UTF-8 text without NUL.
    static func decode(
        _ range: Range<Int>, of scanner: Scanner, into sink: inout some ByteSink & ~Copyable
    ) throws(ParseError) {
        var bytes = Base64Bytes(scanner, range)
        var parser = Unicode.UTF8.ForwardParser()
        loop: while true {
            switch parser.parseScalar(from: &bytes) {
            case .valid(let text):
                for byte in text {
                    guard byte != 0 else { throw scanner.fault("the base64 holds NUL", at: range.lowerBound) }
                    sink.append(byte)
                }
            case .emptyInput: break loop
            case .error: throw scanner.fault("the base64 is of bytes that are not UTF-8 text", at: range.lowerBound)
            }
        }
        if let fault = bytes.fault { throw scanner.fault("this is not base64 with padding", at: fault) }
    }
}

/// The bytes that base64 in a file stands for, up to the first fault.
private struct Base64Bytes: IteratorProtocol {
    /// Where what is not base64 stands.
    private(set) var fault: Int?
    private var scanner: Scanner
    private let end: Int
    /// What was read of a group of four digits and not yet handed over, the next byte highest.
    private var group: UInt32 = 0
    private var left = 0

    init(_ scanner: Scanner, _ range: Range<Int>) {
        self.scanner = scanner
        self.scanner.index = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> UInt8? {
        if left == 0, !takeGroup() { return nil }
        left -= 1
        defer { group <<= 8 }
        return UInt8(group >> 16 & 0xFF)
    }

    /// Takes four digits; the last two may be padding, behind which nothing may follow.
    private mutating func takeGroup() -> Bool {
        skipBlanks()
        guard scanner.index < end, fault == nil else { return false }
        var digits = 0
        group = 0
        while digits < 4, scanner.index < end, let value = Base64.value(of: scanner.bytes[scanner.index]) {
            group = group << 6 | UInt32(value)
            digits += 1
            scanner.index += 1
            skipBlanks()
        }
        left = digits - 1
        if digits == 4 { return true }
        guard digits >= 2, takePadding(4 - digits) else {
            (fault, left) = (scanner.index, 0)
            return false
        }
        group <<= UInt32(6 * (4 - digits))
        return true
    }

    /// Takes the padding and blanks; returns whether nothing else was left.
    private mutating func takePadding(_ count: Int) -> Bool {
        for _ in 0..<count {
            guard scanner.index < end, scanner.take("=") else { return false }
            skipBlanks()
        }
        return scanner.index == end
    }

    private mutating func skipBlanks() {
        while scanner.index < end, scanner.isGap(0) { scanner.index += 1 }
    }
}
