/// Writes the fields of a record in the order of docs/format.md.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(256)
    }

    mutating func write(_ value: some FixedWidthInteger) {
        bytes.append(bigEndian: value)
    }

    mutating func write(_ id: Identifier) {
        bytes.append(id)
    }

    /// Writes bytes whose number the format fixes.
    mutating func write(bytes: [UInt8]) {
        self.bytes += bytes
    }

    /// Writes `text8`, `text16` or `text32`, as the type of the length says. Validation has bounded the text before.
    mutating func write<Length: FixedWidthInteger & UnsignedInteger>(_ text: String, length: Length.Type) {
        write(Length(text.utf8.count))
        bytes += text.utf8
    }
}
