/// What went wrong, as RFC 9457 `application/problem+json`. Never repeats what was sent.
public struct Problem: Codable, Error, Equatable, Sendable {
    /// A name for the kind of problem that never changes: `urn:coffer:problem:` and a word.
    public let type: String
    /// The kind of problem, in words.
    public let title: String
    /// The HTTP status code.
    public let status: Int
    /// This problem, and what to do next.
    public let detail: String
    /// What is wrong with each field, where that is the problem.
    public let errors: [FieldFault]?

    private init(_ type: String, _ title: String, _ status: Int, _ detail: String, errors: [FieldFault]? = nil) {
        self.type = "urn:coffer:problem:" + type
        self.title = title
        self.status = status
        self.detail = detail
        self.errors = errors
    }

    /// 400: the body cannot be read as JSON.
    public static let notJSON = Problem("not-json", "Not JSON", 400, "The body could not be read as JSON.")
    /// 401: no valid token or key came with the request.
    public static let unauthorized = Problem(
        "unauthorized", "Unauthorized", 401, "Send a valid token: `coffer token create` prints one.")
    /// 403: the caller may not do this, for the reason in `detail`.
    public static func forbidden(_ detail: String) -> Problem { Problem("forbidden", "Forbidden", 403, detail) }
    /// 404: nothing has that path or id.
    public static func notFound(_ detail: String) -> Problem { Problem("not-found", "Not found", 404, detail) }
    /// 405: the path exists, the method does not.
    public static let methodNotAllowed = Problem(
        "method-not-allowed", "Method not allowed", 405, "The Allow header lists the methods of this path.")
    /// 408: the request did not arrive in the time there is for it.
    public static let timeout = Problem(
        "timeout", "Timeout", 408, "The request did not arrive whole within 10 seconds.")
    /// 409: the name or id is taken.
    public static func conflict(_ detail: String) -> Problem { Problem("conflict", "Conflict", 409, detail) }
    /// 413: the body is too large.
    public static let tooLarge = Problem("too-large", "Too large", 413, "The body must be at most 1 MiB.")
    /// 415: the body is not said to be JSON.
    public static let unsupportedMediaType = Problem(
        "unsupported-media-type", "Unsupported media type", 415, "Send `Content-Type: application/json`.")
    /// 422: the request breaks the schema.
    public static func invalid(_ faults: [FieldFault]) -> Problem {
        Problem("invalid", "Invalid request", 422, "The request breaks the schema; see `errors`.", errors: faults)
    }
    /// 423: the vault is locked.
    public static let locked = Problem("locked", "Locked", 423, "The vault is locked: unlock it first.")
    /// 429: too many requests at once.
    public static let tooManyRequests = Problem(
        "too-many-requests", "Too many requests", 429, "Try again after the time that Retry-After gives.")
    /// 429: a bad token, after too many others.
    public static let tooManyFailures = Problem(
        "too-many-requests", "Too many requests", 429,
        "This token is not good, and neither were many before it. Try again after the time that Retry-After gives.")
    /// 500: a fault of the vault's or the program's.
    public static func `internal`(_ detail: String) -> Problem {
        Problem("internal", "Internal error", 500, detail)
    }
    /// 503: the vault's file cannot be read or written at present.
    public static func storage(_ detail: String) -> Problem { Problem("storage", "Storage failure", 503, detail) }
}
