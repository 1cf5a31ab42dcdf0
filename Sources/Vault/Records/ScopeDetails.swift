/// What a project says of itself; the personal scope has the same record, with an empty name (docs/format.md, "Scopes").
public struct ScopeDetails: Sendable, Equatable {
    /// The project's name, at most 128 code points. Not necessarily unique.
    public var name: String
    /// Free text in Markdown.
    public var settings: String
    /// At most 20 labels of at most 32 code points.
    public var tags: [String]
    /// Creation, in seconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64
    /// The last change, in seconds since 1970-01-01T00:00:00Z.
    public var updatedAt: Int64

    /// Details of a scope created at `createdAt` and not changed since.
    public init(name: String, settings: String = "", tags: [String] = [], createdAt: Int64) {
        self.name = name
        self.settings = settings
        self.tags = tags
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}

/// A project: a scope other than the personal one.
public struct Project: Sendable, Equatable {
    /// The project's id, which is its scope's.
    public let id: Identifier
    /// What it says of itself.
    public let details: ScopeDetails
}

extension ScopeDetails {
    private static let recordVersion: UInt8 = 1

    /// The record to seal.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(createdAt)
        writer.write(updatedAt)
        writer.write(name, length: UInt16.self)
        writer.write(settings, length: UInt32.self)
        writer.write(UInt8(tags.count))
        for tag in tags { writer.write(tag, length: UInt8.self) }
        return writer.bytes
    }

    /// The details in an opened record.
    init(decoding record: UnsafeRawBufferPointer) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            let createdAt = try reader.integer(Int64.self)
            let updatedAt = try reader.integer(Int64.self)
            let name = try reader.text(length: UInt16.self)
            let settings = try reader.text(length: UInt32.self)
            var tags: [String] = []
            for _ in 0..<(try reader.integer(UInt8.self)) { tags.append(try reader.text(length: UInt8.self)) }
            var details = ScopeDetails(name: name, settings: settings, tags: tags, createdAt: createdAt)
            details.updatedAt = updatedAt
            return details
        }
    }
}
