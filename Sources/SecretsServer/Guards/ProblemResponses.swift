internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import SecretsAPI
internal import Vault

/// Turns every refusal into `application/problem+json`, and says on every answer that it is not to be kept.
struct ProblemResponses: RouterMiddleware {
    let lock: ServerLock

    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let problem as Problem where problem == .tooManyRequests {
            response = Response(problem, headers: [.retryAfter: Problem.retryAfter])
        } catch let problem as Problem where problem == .timeout {
            response = Response(problem, headers: [.connection: "close"])
        } catch let problem as Problem {
            response = Response(problem)
        } catch let error as SecretsError where error == .vault(.storage(.busy)) {
            response = Response(Problem(error), headers: [.retryAfter: Problem.retryAfter])
        } catch let error as SecretsError {
            // What is held opens nothing any more.
            if error == .vault(.keysChanged) { _ = await lock.isLocked() }
            response = Response(Problem(error))
        } catch let error as any HTTPResponseError where error.status == .notFound {
            response = Response(Problem.notFound("There is nothing at this path; /openapi.json lists what there is."))
        } catch {
            // Whatever this is, its description may hold what was sent.
            response = Response(Problem.internal("The request could not be carried out."))
        }
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }
}

extension Problem {
    /// How long a client should wait that was turned away for now, in seconds.
    static let retryAfter = "1"
}

extension Response {
    /// The answer that tells of `problem`.
    init(_ problem: Problem, headers: HTTPFields = [:]) {
        self.init(problem, status: .init(code: problem.status), type: "application/problem+json", headers: headers)
    }

    /// The answer that holds `shape`.
    init(
        _ shape: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        let body = JSON.encode(shape)
        var headers = headers
        headers[.contentType] = type
        self.init(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
