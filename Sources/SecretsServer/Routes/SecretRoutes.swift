internal import HTTPTypes
internal import Hummingbird
internal import SecretsAPI
internal import Vault

/// `/api/v1/secrets`: the hosted operations. No answer holds a value.
struct SecretRoutes: Sendable {
    let secrets: Secrets
    let admission: Admission

    var collection: [HTTPRequest.Method: Handler] { [.get: list, .post: create] }
    var item: [HTTPRequest.Method: Handler] { [.get: get, .patch: update, .delete: delete] }

    private func create(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let body = try await request.jsonBody()
        return try await admission.admit {
            let shape = try body.shape(CreateSecretRequest.self)
            return Response(try await secrets.create(shape, by: context.caller), status: .created)
        }
    }

    private func list(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let query = request.uri.queryParameters
        let list = try ListSecretsRequest(
            projectID: query["project_id"].map(String.init), limit: query["limit"].map(String.init),
            cursor: query["cursor"].map(String.init))
        return Response(try await secrets.list(list, by: context.caller))
    }

    private func get(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        Response(try await secrets.get(Self.id(context), known: context.metadata, by: context.caller))
    }

    private func update(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let id = try Self.id(context)
        let shape = try await request.jsonBody().shape(UpdateSecretMetadataRequest.self)
        return Response(try await secrets.updateMetadata(id, shape, known: context.metadata, by: context.caller))
    }

    private func delete(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let id = try Self.id(context)
        try await secrets.delete(id, known: context.metadata, by: context.caller)
        return Response(DeletedSecret(deleted: true, id: id.description))
    }

    private static func id(_ context: APIRequestContext) throws -> Identifier {
        guard let id = context.secretID else {
            throw Problem.invalid([FieldFault("path.id", "must be a UUID")])
        }
        return id
    }
}

/// The answer to a delete request.
private struct DeletedSecret: Encodable {
    let deleted: Bool
    let id: String
}
