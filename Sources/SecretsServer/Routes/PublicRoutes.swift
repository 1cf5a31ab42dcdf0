internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// What is answered without a token, and says nothing about what the vault holds.
enum PublicRoutes {
    static let health: [HTTPRequest.Method: Handler] = [
        .get: { _, _ in Response(Health(status: "ok")) }
    ]

    /// The OpenAPI 3.1 document, as it lies beside this module's sources.
    static let openAPI: [HTTPRequest.Method: Handler] = [
        .get: { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(bytes: PackageResources.openapi_json)))
        }
    ]

    private struct Health: Encodable {
        let status: String
    }
}
