/// How the format's fields are put together: without an array of its own for each.
extension [UInt8] {
    /// Appends the integer's bytes, most significant first.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        // Out of a register: the library appends bytes of memory one by one as well, through an iterator.
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends the identifier's 16 bytes.
    mutating func append(_ id: Identifier) {
        append(bigEndian: id.high)
        append(bigEndian: id.low)
    }
}
