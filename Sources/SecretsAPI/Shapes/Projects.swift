public import Vault

/// A project as the hosted API answers it, with the fields that mean something on one person's machine.
public struct ProjectShape: Codable, Equatable, Sendable {
    /// The project's id, a UUID in lower case.
    public let id: String
    /// Its name.
    public let name: String
    /// Free text in Markdown.
    public let settings: String
    /// Its labels.
    public let tags: [String]
    /// Creation, RFC 3339 in UTC.
    public let createdAt: String
    /// The last change, RFC 3339 in UTC.
    public let updatedAt: String
    /// Always true: a vault has one owner.
    public let isOwner: Bool
    /// Always 1.
    public let memberCount: Int
    /// Always false.
    public let sharedWithTeam: Bool

    enum CodingKeys: String, CodingKey {
        case id, name, tags
        case settings = "settings_md"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case isOwner = "is_owner"
        case memberCount = "member_count"
        case sharedWithTeam = "shared_with_team"
    }

    /// The shape of `project`.
    init(_ project: Project) {
        id = project.id.description
        name = project.details.name
        settings = project.details.settings
        tags = project.details.tags
        createdAt = Timestamp.text(project.details.createdAt)
        updatedAt = Timestamp.text(project.details.updatedAt)
        isOwner = true
        memberCount = 1
        sharedWithTeam = false
    }
}

/// One project: the answer to a create request.
public struct ProjectAnswer: Codable, Equatable, Sendable {
    /// The project.
    public let project: ProjectShape
}

/// All projects that the caller may see, in order of creation.
public struct ProjectList: Codable, Equatable, Sendable {
    /// The projects.
    public let projects: [ProjectShape]
    /// How many there are.
    public let count: Int
}

/// The body of `POST /api/v1/projects`, with the hosted API's names and rules.
public struct CreateProjectRequest: Decodable, Sendable {
    /// The greatest length of a name in code points.
    public static let maximumNameLength = 128
    /// The greatest length of the settings in code points.
    public static let maximumSettingsLength = 100_000
    /// The greatest number of tags.
    public static let maximumTagCount = 20
    /// The greatest length of a tag in code points.
    public static let maximumTagLength = 32
    /// What a project is called that was given no name.
    public static let untitled = "Untitled project"

    /// The id the project is to have; nil for a fresh one.
    public let id: Identifier?
    /// Its name.
    public let name: String
    /// Free text in Markdown.
    public let settings: String
    /// Its labels.
    public let tags: [String]

    enum CodingKeys: String, CodingKey {
        case id, name, tags
        case settings = "settings_md"
    }

    /// A request made in this program. Throws ``SecretsError/invalid(_:)`` for a name that breaks the rule.
    public init(name: String) throws(SecretsError) {
        if let fault = Self.fault(in: name, least: 1, most: Self.maximumNameLength) {
            throw .invalid([FieldFault("name", fault)])
        }
        id = nil
        self.name = name
        settings = ""
        tags = []
    }

    /// Throws ``InvalidRequest`` with all that breaks the schema.
    public init(from decoder: any Decoder) throws {
        var fields = try RequestFields(decoder, keyedBy: CodingKeys.self)
        let idText = try fields.optional(.id, String.self, called: "a UUID")
        id = idText.flatMap { Identifier($0) }
        if idText != nil, id == nil { fields.note(.id, "must be a UUID") }
        let name = try fields.optional(.name, String.self, called: "a string") ?? ""
        if let fault = Self.fault(in: name, most: Self.maximumNameLength) { fields.note(.name, fault) }
        self.name = name.isEmpty ? Self.untitled : name
        settings = try fields.optional(.settings, String.self, called: "a string") ?? ""
        if let fault = Self.fault(in: settings, most: Self.maximumSettingsLength) { fields.note(.settings, fault) }
        tags = try fields.optional(.tags, [String].self, called: "a list of strings") ?? []
        if tags.count > Self.maximumTagCount { fields.note(.tags, "must be at most \(Self.maximumTagCount)") }
        // No more than may be: an answer is not to be longer than what it answers.
        for (index, tag) in tags.prefix(Self.maximumTagCount).enumerated() {
            guard let fault = Self.fault(in: tag, least: 1, most: Self.maximumTagLength) else { continue }
            fields.note(FieldFault("body.tags[\(index)]", fault))
        }
        try fields.finish()
    }

    private static func fault(in text: String, least: Int = 0, most: Int) -> String? {
        let scalars = text.unicodeScalars
        if scalars.count < least { return "must not be empty" }
        if scalars.count > most { return "must be at most \(most) characters long" }
        return scalars.contains("\0") ? "must not contain NUL" : nil
    }
}
