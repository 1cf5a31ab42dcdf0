internal import Vault

/// A secret as the hosted API answers it: its metadata, never its value.
public struct Secret: Codable, Equatable, Sendable {
    /// Whether tasks get it without asking for it by name.
    public let defaultAvailable: Bool
    /// The secret's id, a UUID in lower case.
    public let id: String
    /// What is shown in place of the value.
    public let maskedValue: String
    /// The name of its environment variable.
    public let name: String
    /// Creation, RFC 3339 in UTC.
    public let createdAt: String
    /// Whether an agent created it.
    public let createdByAgent: Bool
    /// The project it belongs to; absent for a personal secret.
    public let projectID: String?
    /// The last change, RFC 3339 in UTC.
    public let updatedAt: String

    enum CodingKeys: String, CodingKey {
        case defaultAvailable = "default_available"
        case id
        case maskedValue = "masked_value"
        case name
        case createdAt = "created_at"
        case createdByAgent = "created_by_agent"
        case projectID = "project_id"
        case updatedAt = "updated_at"
    }

    /// The shape of `metadata` from the vault `vault`.
    init(_ metadata: SecretMetadata, vault: Identifier) {
        defaultAvailable = metadata.defaultAvailable
        id = metadata.id.description
        maskedValue = metadata.mask
        name = metadata.name
        createdAt = Timestamp.text(metadata.createdAt)
        createdByAgent = metadata.createdByAgent
        projectID = metadata.scope == vault ? nil : metadata.scope.description
        updatedAt = Timestamp.text(metadata.updatedAt)
    }
}

/// Several secrets: the answer to a list request.
public struct SecretList: Codable, Equatable, Sendable {
    /// The secrets, in order of creation.
    public let secrets: [Secret]
    /// How many are in this answer.
    public let count: Int
    /// Where the next page starts; absent on the last one.
    public let nextCursor: String?

    /// An answer with these secrets.
    public init(secrets: [Secret], nextCursor: String? = nil) {
        self.secrets = secrets
        count = secrets.count
        self.nextCursor = nextCursor
    }

    enum CodingKeys: String, CodingKey {
        case secrets, count
        case nextCursor = "next_cursor"
    }
}
