/// The body of `PATCH /api/v1/secrets/{id}`, with the hosted API's name and rule.
public struct UpdateSecretMetadataRequest: Decodable, Sendable {
    /// Whether tasks are to get the secret without asking for it by name; nil, sent as null, leaves it as it is.
    public let defaultAvailable: Bool?

    enum CodingKeys: String, CodingKey {
        case defaultAvailable = "default_available"
    }

    /// A request made in this program.
    public init(defaultAvailable: Bool?) {
        self.defaultAvailable = defaultAvailable
    }

    /// Throws ``InvalidRequest`` where the field is missing (null will do) or neither null nor a Boolean.
    public init(from decoder: any Decoder) throws {
        var fields = try RequestFields(decoder, keyedBy: CodingKeys.self)
        let isNull = try fields.isNull(.defaultAvailable)
        defaultAvailable =
            isNull ? nil : try fields.required(.defaultAvailable, Bool.self, called: "true, false or null")
        try fields.finish()
    }
}
