internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Vault

/// One line a request: method, path, status, time, token name. Never a header, a query or a body.
struct RequestLog: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let microseconds = (clock.now - start) / .microseconds(1)
        logger.info(
            """
            \(request.method) \(Self.path(context)) \(response.status.code) \(Int(microseconds)) µs \
            token=\(context.tokenName.value ?? "-")
            """)
        return response
    }

    /// The path as the routes have it, with an id only where it is one: somebody may have sent anything there.
    private static func path(_ context: APIRequestContext) -> String {
        // Where no route fits, the router has a word of its own here.
        guard let template = context.endpointPath, template.hasPrefix("/") else { return "(no such path)" }
        guard let id = context.secretID else { return template }
        return template.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0 == "{id}" ? id.description : String($0) }.joined(separator: "/")
    }
}
