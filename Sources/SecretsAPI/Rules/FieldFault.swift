/// One thing wrong with what was sent, as RFC 9457 problems list them: where, and which rule it breaks.
///
/// Never holds what was sent.
public struct FieldFault: Error, Codable, Equatable, Sendable {
    /// Where: `body.name`, `path.id`, `query.limit`.
    public let location: String
    /// Which rule, as the end of a sentence that begins with the location.
    public let message: String

    /// A fault at `location`.
    public init(_ location: String, _ message: String) {
        self.location = location
        self.message = message
    }
}
