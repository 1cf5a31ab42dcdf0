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
    /// The first second of the hour in which it was last used, since 1970-01-01T00:00:00Z; nil for never.
    ///
    /// No more exact on purpose: so a token costs one write an hour, and the vault keeps no trail of its user's steps.
    public internal(set) var lastUsedAt: Int64?
    /// When it was revoked, in seconds since 1970-01-01T00:00:00Z; nil for a token that was not.
    public internal(set) var revokedAt: Int64?

    /// How long a token that has ended stays in the vault, to be listed, in seconds: 30 days.
    static let keptAfterEnd: Int64 = 30 * 86_400
    /// What a time of last use is a whole multiple of, in seconds.
    static let useResolution: Int64 = 3600

    /// Details as given.
    public init(
        kind: Kind, access: Access, name: String, projects: [Identifier], createdAt: Int64, expiresAt: Int64,
        lastUsedAt: Int64? = nil, revokedAt: Int64? = nil
    ) {
        self.kind = kind
        self.access = access
        self.name = name
        self.projects = projects
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }

    /// Whether it is accepted at `now`: a revoked token never is, whatever the clock says.
    public func isGood(at now: Int64) -> Bool { revokedAt == nil && now < expiresAt }

    /// Whether a use at `now` is in a later hour than the last one that was noted.
    public func isUseNew(at now: Int64) -> Bool { Self.hour(of: now) > lastUsedAt ?? 0 }

    /// The hour that `now` is in, by its first second.
    static func hour(of now: Int64) -> Int64 { now - now % useResolution }

    /// Whether it ended so long before `now` that the vault need not keep it.
    func isForgotten(at now: Int64) -> Bool { min(revokedAt ?? .max, expiresAt) <= now - Self.keptAfterEnd }
}

/// A token that has been issued.
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
        writer.write(lastUsedAt ?? 0)
        writer.write(revokedAt ?? 0)
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
            let lastUsedAt = try reader.integer(Int64.self)
            let revokedAt = try reader.integer(Int64.self)
            let name = try reader.text(length: UInt16.self)
            var projects: [Identifier] = []
            for _ in 0..<(try reader.integer(UInt16.self)) { projects.append(try reader.id()) }
            return TokenDetails(
                kind: kind, access: access, name: name, projects: projects,
                createdAt: createdAt, expiresAt: expiresAt, lastUsedAt: lastUsedAt == 0 ? nil : lastUsedAt,
                revokedAt: revokedAt == 0 ? nil : revokedAt)
        }
    }
}
