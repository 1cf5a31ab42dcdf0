import EnvFile

/// Takes what an encoder writes.
struct Lines: ByteSink {
    var bytes: [UInt8] = []

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }
}

/// One entry as a parser hands it over.
struct Entry: Equatable {
    var name: String
    var value: String
}

/// Takes what a parser reads.
struct Entries: EntrySink {
    /// The entries that have ended.
    private(set) var entries: [Entry] = []
    /// Where their names stand.
    private(set) var positions: [Position] = []
    private var name = ""
    private var value: [UInt8] = []

    mutating func begin(name: String, at position: Position) {
        positions.append(position)
        self.name = name
        value = []
    }

    mutating func append(_ byte: UInt8) {
        value.append(byte)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        value.append(contentsOf: bytes)
    }

    mutating func end() {
        entries.append(Entry(name: name, value: String(decoding: value, as: UTF8.self)))
    }
}

/// A whole file with one entry.
func encoded(_ value: String, name: String = "A", as dialect: Dialect) throws -> String {
    var lines = Lines()
    dialect.begin(&lines)
    try Array(value.utf8).withUnsafeBytes { bytes in
        try dialect.encode(name: name, value: bytes, isFirst: true, to: &lines)
    }
    dialect.end(&lines)
    return String(decoding: lines.bytes, as: UTF8.self)
}

/// The entries of `file`, in order.
func parsed(_ file: String, as dialect: Dialect) throws -> [Entry] {
    var entries = Entries()
    try Array(file.utf8).withUnsafeBytes { try dialect.parse($0, into: &entries) }
    return entries.entries
}
