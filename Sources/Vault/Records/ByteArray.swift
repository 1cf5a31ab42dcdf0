/// How the format's fields are put together: without an array of its own for each.
extension [UInt8] {
    /// Appends the integer's bytes, most significant first.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends the identifier's 16 bytes.
    mutating func append(_ id: Identifier) {
        append(bigEndian: id.high)
        append(bigEndian: id.low)
    }
}
