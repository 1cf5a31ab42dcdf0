/// Where bytes of a file or a value are written: memory that is wiped, so that this target needs to know nothing of
/// secrets.
public protocol ByteSink: ~Copyable {
    /// Takes one byte.
    mutating func append(_ byte: UInt8)
    /// Takes a copy of `bytes`.
    mutating func append(_ bytes: UnsafeRawBufferPointer)
}

extension ByteSink where Self: ~Copyable {
    /// Takes text that is not secret: names and punctuation.
    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Takes a name.
    mutating func append(name: String) {
        for byte in name.utf8 { append(byte) }
    }
}
