public import Vault

/// The query of `GET /api/v1/secrets`.
public struct ListSecretsRequest: Sendable {
    /// The largest page.
    public static let maximumLimit = 1000

    /// The project whose secrets are listed; nil for the personal ones.
    public let project: Identifier?
    /// How many to list at most, 1 to 1,000; nil for all.
    public let limit: Int?
    /// The sequence behind which the page starts.
    let start: Int64

    /// All secrets of a project, or the personal ones.
    public init(project: Identifier?) {
        self.project = project
        limit = nil
        start = 0
    }

    /// The request that these query parameters make. Throws ``SecretsError/invalid(_:)`` with all that is wrong.
    public init(projectID: String?, limit: String?, cursor: String?) throws(SecretsError) {
        project = projectID.flatMap { Identifier($0) }
        self.limit = limit.flatMap(Self.limit)
        let start = cursor.map(Cursor.sequence) ?? 0
        self.start = start ?? 0
        var faults: [FieldFault] = []
        if projectID != nil, project == nil { faults.append(FieldFault("query.project_id", "must be a UUID")) }
        if limit != nil, self.limit == nil {
            faults.append(FieldFault("query.limit", "must be a number from 1 to \(Self.maximumLimit)"))
        }
        if start == nil { faults.append(FieldFault("query.cursor", "must be the next_cursor of an answer")) }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    private static func limit(_ text: String) -> Int? {
        // `Int` alone would take a sign.
        guard text.utf8.allSatisfy(\.isASCIIDigit), let limit = Int(text),
            (1...maximumLimit).contains(limit)
        else { return nil }
        return limit
    }
}
