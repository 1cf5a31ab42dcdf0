/// What is known of a former value of a secret without opening it (docs/format.md, "Versions").
public struct SecretVersion: Sendable, Equatable {
    /// The value's revision: 1 for the first value that the secret had.
    public let revision: Int64
    /// What is shown in place of the value.
    public let mask: String
    /// When another value took its place, in seconds since 1970-01-01T00:00:00Z.
    public let replacedAt: Int64

    /// How many former values of a secret are kept.
    public static let keptCount = 10
}

extension SecretVersion {
    private static let recordVersion: UInt8 = 1

    /// The record to seal.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(replacedAt)
        writer.write(mask, length: UInt8.self)
        return writer.bytes
    }

    /// What an opened record says of the value with this revision.
    init(decoding record: UnsafeRawBufferPointer, revision: Int64) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            let replacedAt = try reader.integer(Int64.self)
            return SecretVersion(
                revision: revision, mask: try reader.text(length: UInt8.self), replacedAt: replacedAt)
        }
    }
}
