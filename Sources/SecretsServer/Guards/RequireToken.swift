internal import Hummingbird
internal import SecretsAPI
internal import Vault

/// Lets in requests with a valid token, and notes which.
///
/// Every token is looked at, so a good one is let in whatever else arrives. What is limited is how fast bad ones are
/// answered: beyond the limit only after a delay, in which their connections wait, which costs nothing.
struct RequireToken: RouterMiddleware {
    let authenticator: Authenticator
    let connections: Connections
    let lock: ServerLock
    /// How long the answer to one bad token too many is held back.
    let delay: Duration

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        await lock.lockIfIdle()
        do throws(AuthenticationError) {
            let found = try await authenticator.authenticate(request.headers, alongside: context.secretID)
            context.token = found.token
            context.metadata = found.metadata
            connections.trust(context.channel)
            lock.noteUse()
        } catch {
            switch error {
            case .missing: return Response(Problem.unauthorized, headers: [.wwwAuthenticate: "Bearer"])
            case .invalid:
                if connections.failed(on: context.channel) {
                    // It may be good, and the keys old, of which a vault with new ones tells nothing else.
                    if await lock.isLocked() { throw SecretsError.vault(.locked) }
                    return Response(
                        Problem.unauthorized, headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
                }
                try? await Task.sleep(for: delay)
                return Response(Problem.tooManyFailures, headers: [.retryAfter: Problem.retryAfter])
            case .vault(let error): throw SecretsError.vault(error)
            }
        }
        return try await next(request, context)
    }
}
