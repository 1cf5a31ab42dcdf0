internal import NIOCore
internal import NIOHTTP1
internal import SecretsAPI

/// A request did not arrive whole in the time there is for it.
struct LateRequest: Error {
    /// The answer where nothing of the request could be read.
    static var answer: (head: HTTPResponseHead, body: ByteBuffer) {
        let body = ByteBuffer(bytes: JSON.encode(Problem.timeout))
        let headers: HTTPHeaders = [
            "Content-Type": "application/problem+json", "Content-Length": String(body.readableBytes),
            "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Connection": "close",
        ]
        return (HTTPResponseHead(version: .http1_1, status: .requestTimeout, headers: headers), body)
    }
}
