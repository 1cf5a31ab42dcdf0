internal import SecretsAPI
internal import Synchronization

/// Lets in so many requests at a time that hold a value, and refuses the rest with 429.
///
/// A value waits in protected memory until it is on disk, and a process has room for some 16,000 pieces of that: a flood
/// of requests is to be turned away, not to end the server. A request counts from when its body has arrived, so a slow
/// sender keeps nobody out.
final class Admission: Sendable {
    private let limit: Int
    private let admitted = Atomic<Int>(0)

    /// Admission for `limit` requests at a time.
    init(limit: Int) {
        self.limit = limit
    }

    /// Runs `body`. Throws ``Problem/tooManyRequests``, and rethrows what `body` throws.
    @discardableResult
    func admit<R>(_ body: () async throws -> R) async throws -> R {
        let count = admitted.add(1, ordering: .relaxed).newValue
        defer { admitted.subtract(1, ordering: .relaxed) }
        guard count <= limit else { throw Problem.tooManyRequests }
        return try await body()
    }
}
