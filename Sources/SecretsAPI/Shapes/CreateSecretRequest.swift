internal import Sodium
public import Vault

/// The body of `POST /api/v1/secrets`, with the hosted API's names and rules.
public struct CreateSecretRequest: Decodable, Sendable {
    /// The name of the environment variable, valid by ``SecretName``.
    public let name: String
    /// The value.
    public let value: SecretValue
    /// Whether an agent creates it; false if not said.
    public let createdByAgent: Bool
    /// Whether tasks get it without asking for it by name; false if not said.
    public let defaultAvailable: Bool
    /// The project it is to belong to; nil for a personal secret.
    public let project: Identifier?

    enum CodingKeys: String, CodingKey {
        case name, value
        case createdByAgent = "created_by_agent"
        case defaultAvailable = "default_available"
        case projectID = "project_id"
    }

    /// A request made in this program. Throws ``SecretsError/invalid(_:)`` for a name that breaks the rule.
    public init(
        name: String, value: SecretValue, createdByAgent: Bool = false, defaultAvailable: Bool = false,
        project: Identifier? = nil
    ) throws(SecretsError) {
        if let fault = SecretName.fault(in: name) { throw .invalid([FieldFault("name", fault)]) }
        self.name = name
        self.value = value
        self.createdByAgent = createdByAgent
        self.defaultAvailable = defaultAvailable
        self.project = project
    }

    /// Throws ``InvalidRequest`` with all that breaks the schema.
    public init(from decoder: any Decoder) throws {
        var fields = try RequestFields(decoder, keyedBy: CodingKeys.self)
        let name = try fields.required(.name, String.self, called: "a string")
        if let fault = name.flatMap(SecretName.fault) { fields.note(.name, fault) }
        var value: SecretValue?
        if let text = try fields.required(.value, String.self, called: "a string") {
            do throws(FieldFault) {
                value = try SecretValue(copying: text, location: "body.value")
            } catch {
                fields.note(error)
            }
        }
        createdByAgent = try fields.optional(.createdByAgent, Bool.self, called: "true or false") ?? false
        defaultAvailable = try fields.optional(.defaultAvailable, Bool.self, called: "true or false") ?? false
        let projectID = try fields.optional(.projectID, String.self, called: "a UUID")
        project = projectID.flatMap { Identifier($0) }
        if projectID != nil, project == nil { fields.note(.projectID, "must be a UUID") }
        try fields.finish()
        self.name = name!
        self.value = value!
    }
}
