internal import HTTPTypes
internal import Hummingbird
internal import SecretsAPI

/// `/api/v1/projects`: the scopes besides the personal one.
struct ProjectRoutes: Sendable {
    let secrets: Secrets

    var collection: [HTTPRequest.Method: Handler] { [.get: list, .post: create] }

    private func create(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let shape = try await request.jsonBody().shape(CreateProjectRequest.self)
        return Response(try await secrets.createProject(shape, by: context.caller), status: .created)
    }

    private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        Response(try await secrets.projects(by: context.caller))
    }
}
