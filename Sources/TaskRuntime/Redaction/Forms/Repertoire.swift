/// Which characters a value has.
struct Repertoire {
    /// The ASCII ones.
    let ascii: ASCIISet
    /// Whether there are others.
    let hasOthers: Bool
    /// The value's length in bytes.
    let count: Int

    /// The characters of `value`.
    init(_ value: UnsafeRawBufferPointer) {
        self.ascii = ASCIISet(value)
        self.hasOthers = value.contains { $0 >= 0x80 }
        self.count = value.count
    }
}
