/// What is known of a secret without opening its value (docs/format.md, "Secrets").
public struct SecretMetadata: Sendable, Equatable {
    /// The secret's id, which never changes.
    public let id: Identifier
    /// The scope it belongs to: the vault's id for a personal secret, else the project's.
    public let scope: Identifier
    /// The name of its environment variable, unique within the scope.
    public var name: String
    /// What is shown in place of the value.
    public var mask: String
    /// Whether tasks get it without asking for it by name.
    public var defaultAvailable: Bool
    /// Whether an agent created it, rather than a person.
    public let createdByAgent: Bool
    /// Creation, in seconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64
    /// The last change of value or metadata, in seconds since 1970-01-01T00:00:00Z.
    public var updatedAt: Int64
}

extension SecretMetadata {
    private static let recordVersion: UInt8 = 1
    private static let defaultAvailableFlag: UInt8 = 1 << 0
    private static let createdByAgentFlag: UInt8 = 1 << 1

    /// The record to seal.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(
            (defaultAvailable ? Self.defaultAvailableFlag : 0) | (createdByAgent ? Self.createdByAgentFlag : 0))
        writer.write(createdAt)
        writer.write(updatedAt)
        writer.write(name, length: UInt8.self)
        writer.write(mask, length: UInt8.self)
        return writer.bytes
    }

    /// The metadata in an opened record of the secret `id` in `scope`.
    init(decoding record: UnsafeRawBufferPointer, id: Identifier, scope: Identifier) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            let flags = try reader.integer(UInt8.self)
            guard flags & ~(Self.defaultAvailableFlag | Self.createdByAgentFlag) == 0 else { throw RecordError() }
            let createdAt = try reader.integer(Int64.self)
            let updatedAt = try reader.integer(Int64.self)
            let name = try reader.text(length: UInt8.self)
            let mask = try reader.text(length: UInt8.self)
            return SecretMetadata(
                id: id, scope: scope, name: name, mask: mask,
                defaultAvailable: flags & Self.defaultAvailableFlag != 0,
                createdByAgent: flags & Self.createdByAgentFlag != 0,
                createdAt: createdAt, updatedAt: updatedAt)
        }
    }
}
