internal import Glibc
internal import Synchronization

/// How far something long has come, on the terminal; nothing where standard error is none.
final class ProgressBar: Sendable {
    /// More steps than this are worth showing.
    private static let mostUnshown = 500
    private static let width = 40

    private let label: String
    private let total: Int
    private let isShown: Bool
    private let shown = Mutex(-1)

    /// A bar for `total` steps, if they are worth it and somebody can see it.
    init(_ label: String, total: Int) {
        self.label = label
        self.total = total
        isShown = total > Self.mostUnshown && Terminal.isTerminal(STDERR_FILENO)
    }

    /// Shows that `count` steps are done.
    @Sendable func show(_ count: Int) {
        guard isShown else { return }
        // There may be more than there should be.
        let filled = min(count, total) * Self.width / total
        guard
            shown.withLock({ shown in
                defer { shown = filled }
                return shown != filled
            })
        else { return }
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        Output.write(Array("\rcoffer: \(label) [\(bar)] \(count)/\(total)".utf8), to: STDERR_FILENO)
    }

    /// Takes the bar off the terminal.
    func clear() {
        guard isShown else { return }
        // Carriage return, erase to the end of the line (ECMA-48, EL).
        Output.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }
}
