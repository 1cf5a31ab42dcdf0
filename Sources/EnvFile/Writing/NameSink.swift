/// Text that is not secret, such as a name with escapes, put together byte by byte.
struct NameSink: ByteSink {
    private var bytes: [UInt8] = []

    var name: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }
}
