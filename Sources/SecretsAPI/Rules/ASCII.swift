extension UInt8 {
    /// Whether this is an ASCII digit: other scripts have digits too, which `Character.isNumber` would take.
    package var isASCIIDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
