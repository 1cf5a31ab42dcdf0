internal import HTTPTypes
internal import Hummingbird
internal import SecretsAPI

/// Answers a request.
typealias Handler = @Sendable (Request, APIRequestContext) async throws -> Response

extension RouterMethods where Context == APIRequestContext {
    /// Serves `path` with one handler a method, behind `guardian` where there is one, and every other method with 405
    /// and an `Allow` header, which tell nothing and need no token.
    func serve(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler], behind guardian: RequireToken? = nil) {
        let allow = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        for (method, handler) in handlers {
            on(path, method: method) { request, context in
                guard let guardian else { return try await handler(request, context) }
                return try await guardian.handle(request, context: context, next: handler)
            }
        }
        for method in HTTPRequest.Method.standard where handlers[method] == nil {
            on(path, method: method) { _, _ in Response(Problem.methodNotAllowed, headers: [.allow: allow]) }
        }
    }
}

extension HTTPRequest.Method {
    /// The methods that have a meaning (RFC 9110, RFC 5789, and QUERY, which is about to).
    fileprivate static let standard: [Self] = [
        .get, .head, .post, .put, .delete, .connect, .options, .trace, .patch, Self("QUERY")!,
    ]
}
