internal import EnvFile
internal import Sodium

/// What a parser read: names, places, and the values in one protected allocation.
struct ImportedEntries: EntrySink, ~Copyable {
    /// An entry's name, and where it stood.
    struct Entry {
        var name: String
        let position: Position
    }

    private var entries: [Entry] = []
    private var ends: [Int] = []
    private var values: SecureBuffer

    /// No entries yet; their values together have about `capacity` bytes.
    init(capacity: Int) {
        values = SecureBuffer(capacity: capacity)
    }

    mutating func begin(name: String, at position: Position) {
        entries.append(Entry(name: name, position: position))
    }

    mutating func append(_ byte: UInt8) {
        values.append(byte)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        values.append(bytes)
    }

    mutating func end() {
        ends.append(values.count)
    }

    /// The entries, and their values in the same order.
    consuming func finish() -> (entries: [Entry], values: SecureList) {
        (entries, SecureList(values.finish(), ends: ends))
    }
}
