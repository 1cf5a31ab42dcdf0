/// What a bearer token or API key may do (docs/format.md, "Tokens").
public struct TokenDetails: Sendable, Equatable {
    /// How the token is presented.
    public enum Kind: UInt8, Sendable {
        /// A signed token, sent as `Authorization: Bearer`.
        case jwt = 1
        /// A random key, sent as `X-Api-Key`.
        case apiKey = 2
    }

    /// Which requests the token may make.
    public enum Access: UInt8, Sendable {
        /// Those that change nothing.
        case read = 1
        /// All.
        case readWrite = 2
    }

    /// How the token is presented.
    public let kind: Kind
    /// Which requests it may make.
    public let access: Access
    /// The name its owner gave it, 1 to 64 code points; it appears in the request log.
    public let name: String
    /// The projects it is limited to; empty for all scopes, the personal one included.
    public let projects: [Identifier]
    /// Creation, in seconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64
    /// The first second at which it is no longer accepted, since 1970-01-01T00:00:00Z.
    public let expiresAt: Int64

    /// Details as given.
    public init(
        kind: Kind, access: Access, name: String, projects: [Identifier], createdAt: Int64, expiresAt: Int64
    ) {
        self.kind = kind
        self.access = access
        self.name = name
        self.projects = projects
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A token that has been issued and not revoked.
public struct Token: Sendable, Equatable {
    /// The token's id: the `jti` of a JWT, part of the keyed hash of an API key.
    public let id: Identifier
    /// What it may do.
    public let details: TokenDetails

    /// A token as given.
    public init(id: Identifier, details: TokenDetails) {
        self.id = id
        self.details = details
    }
}

extension TokenDetails {
    private static let recordVersion: UInt8 = 1

    /// The record to seal.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(kind.rawValue)
        writer.write(access.rawValue)
        writer.write(createdAt)
        writer.write(expiresAt)
        writer.write(name, length: UInt16.self)
        writer.write(UInt16(projects.count))
        for project in projects { writer.write(project) }
        return writer.bytes
    }

    /// The details in an opened record.
    init(decoding record: UnsafeRawBufferPointer) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            guard let kind = Kind(rawValue: try reader.integer(UInt8.self)),
                let access = Access(rawValue: try reader.integer(UInt8.self))
            else { throw RecordError() }
            let createdAt = try reader.integer(Int64.self)
            let expiresAt = try reader.integer(Int64.self)
            let name = try reader.text(length: UInt16.self)
            var projects: [Identifier] = []
            for _ in 0..<(try reader.integer(UInt16.self)) { projects.append(try reader.id()) }
            return TokenDetails(
                kind: kind, access: access, name: name, projects: projects,
                createdAt: createdAt, expiresAt: expiresAt)
        }
    }
}
