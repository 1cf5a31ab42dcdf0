internal import Hummingbird
internal import SecretsAPI

/// Lets in requests with a valid token, and notes which.
struct RequireToken: RouterMiddleware {
    let authenticator: Authenticator

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        do throws(AuthenticationError) {
            let found = try await authenticator.authenticate(request.headers, alongside: context.secretID)
            context.token = found.token
            context.metadata = found.metadata
        } catch {
            switch error {
            case .missing: return Response(Problem.unauthorized, headers: [.wwwAuthenticate: "Bearer"])
            case .invalid:
                return Response(
                    Problem.unauthorized, headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
            case .vault(let error): throw Problem(SecretsError.vault(error))
            }
        }
        return try await next(request, context)
    }
}
