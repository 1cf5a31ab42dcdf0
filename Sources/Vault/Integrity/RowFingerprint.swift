/// What the state hashes of one row: a code for its table, then its columns in order, so that no two rows read alike
/// (docs/format.md, "State").
struct RowFingerprint {
    /// What is hashed: the rows of a table, or, of a secret's row, its two parts, which change apart.
    enum Code: UInt8 {
        case keySlot = 1
        case scope = 2
        case secret = 3
        case value = 4
        case version = 5
        case token = 6
        case event = 7
    }

    private(set) var bytes: [UInt8]

    init(_ code: Code, capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes.append(code.rawValue)
    }

    /// A column of integers.
    mutating func append(_ integer: Int64) {
        bytes.append(bigEndian: integer)
    }

    /// A column of identifiers, which are all of one size.
    mutating func append(_ id: Identifier) {
        bytes.append(id)
    }

    /// A column of blobs, or of text in UTF-8, with its length before it.
    mutating func append(_ blob: some Collection<UInt8>) {
        bytes.append(bigEndian: UInt32(blob.count))
        bytes += blob
    }
}
