internal import Synchronization

/// A progress bar for what tells only with its first step how long it is.
final class RowProgress: Sendable {
    private let label: String
    private let bar = Mutex<ProgressBar?>(nil)

    /// A bar that begins with `label`.
    init(_ label: String) {
        self.label = label
    }

    /// Shows that `count` of `total` steps are done.
    @Sendable func show(_ count: Int, of total: Int) {
        let bar = bar.withLock { bar in
            let known = bar ?? ProgressBar(label, total: total, isShown: total > ProgressBar.leastCount)
            bar = known
            return known
        }
        bar.show(count)
    }

    /// Takes the bar off the terminal.
    func clear() {
        bar.withLock { $0 }?.clear()
    }
}
