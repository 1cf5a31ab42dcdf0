extension UnsafeRawBufferPointer {
    /// How many characters (Unicode code points) valid UTF-8 has: each has one byte that does not continue another.
    public var codePointCount: Int {
        reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
    }
}
