internal import Synchronization

/// A progress bar for what tells only with its first step how long it is.
final class RowProgress: Sendable {
    private let label: String
    private let bar = Mutex<ProgressBar?>(nil)

    private init(_ label: String) {
        self.label = label
    }

    /// Shows a bar that begins with `label`, as far as `body` moves it, and takes it off the terminal before whatever comes of
    /// that is told.
    static func show<R, E>(_ label: String, during body: (RowProgress) async throws(E) -> R) async throws(E) -> R {
        let progress = RowProgress(label)
        defer { progress.bar.withLock { $0 }?.clear() }
        return try await body(progress)
    }

    /// Shows that `count` of `total` steps are done.
    @Sendable func show(_ count: Int, of total: Int) {
        let bar = bar.withLock { bar in
            let known = bar ?? ProgressBar(label, total: total)
            bar = known
            return known
        }
        bar.show(count)
    }
}
