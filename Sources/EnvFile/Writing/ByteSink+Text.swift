extension ByteSink where Self: ~Copyable {
    /// Takes one code point.
    mutating func append(codePoint scalar: Unicode.Scalar) {
        for byte in scalar.utf8 { append(byte) }
    }

    /// Takes `count` line feeds.
    mutating func append(lineFeeds count: Int) {
        for _ in 0..<count { append(UInt8(ascii: "\n")) }
    }
}
