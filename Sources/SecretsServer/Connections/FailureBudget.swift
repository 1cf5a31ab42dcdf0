/// How many more failures a peer is answered at once: a number that grows with time, up to a limit.
struct FailureBudget: Sendable {
    private let limit: Double
    private let perSecond: Double
    private var left: Double
    private var updated: ContinuousClock.Instant?

    /// A full budget.
    init(_ limits: ServerLimits) {
        limit = Double(limits.failures)
        perSecond = Double(limits.failuresPerSecond)
        left = limit
    }

    /// Takes one from the budget; false where none is left.
    mutating func spend(at now: ContinuousClock.Instant) -> Bool {
        if let updated { left = min(limit, left + (now - updated) / .seconds(1) * perSecond) }
        updated = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
