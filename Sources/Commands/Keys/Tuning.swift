internal import Sodium

/// The search for a cost of opening a vault that takes a given time on this machine.
///
/// Memory is what makes guessing dear to those who build machines for it, so the most of it is taken that leaves time for
/// three passes; where there is no such amount, the most that leaves time for the two that are always made.
struct Tuning {
    /// A cost, and how long a derivation took at it.
    struct Trial: Equatable {
        let cost: PasswordHash.Cost
        let milliseconds: UInt64
    }

    /// What was measured, from little memory to much, the last trial for each amount.
    let trials: [Trial]
    /// The cost that is proposed.
    let proposal: Trial

    private static let goodPasses: UInt32 = 3

    /// Tries with `measure`, which returns milliseconds, up to `memory` bytes, and no longer than `target` milliseconds.
    ///
    /// Throws ``PasswordHashError/outOfMemory`` where not even the least memory can be had.
    init(
        target: UInt64, memory: UInt64, measure: (PasswordHash.Cost) throws(PasswordHashError) -> UInt64
    ) throws(PasswordHashError) {
        let bounds = PasswordHash.Cost.operationsBounds
        let least = PasswordHash.Cost.lowest
        var trials = [Trial(cost: least, milliseconds: try measure(least))]
        var fewest: [UInt64: UInt64] = [:]
        var amount: UInt64 = 32 << 20
        while amount <= min(memory, PasswordHash.Cost.memoryBounds.upperBound) {
            let cost = try PasswordHash.Cost(operations: Int64(bounds.lowerBound), memory: Int64(amount))
            // What cannot be had now could not be had at the next unlocking either.
            guard let time = try? measure(cost) else { break }
            fewest[amount] = time
            var trial = Trial(cost: cost, milliseconds: time)
            guard time <= target else {
                trials.append(trial)
                break
            }
            let passes = Self.passes(in: target, of: trial)
            if passes > bounds.lowerBound {
                let cost = try PasswordHash.Cost(operations: Int64(passes), memory: Int64(amount))
                guard let time = try? measure(cost) else { break }
                trial = Trial(cost: cost, milliseconds: time)
            }
            trials.append(trial)
            amount *= 2
        }
        // What was computed was measured since, and may have come out a little longer.
        let fits = { (trial: Trial) in trial.milliseconds <= target + target / 10 }
        let best =
            trials.lastIndex { fits($0) && $0.cost.operations >= Self.goodPasses } ?? trials.lastIndex(where: fits) ?? 0
        // The first passes cost more than those that follow, so there may be time for others.
        if let passes = Self.passes(in: target, of: trials[best], from: fewest[trials[best].cost.memory]) {
            let cost = try PasswordHash.Cost(operations: Int64(passes), memory: Int64(trials[best].cost.memory))
            let trial = Trial(cost: cost, milliseconds: try measure(cost))
            if fits(trial) { trials[best] = trial }
        }
        self.trials = trials
        proposal = trials[best]
    }

    /// How many passes there is time for, by how much longer those of `trial` took than the `fewest`; nil for no more.
    private static func passes(in target: UInt64, of trial: Trial, from fewest: UInt64?) -> UInt32? {
        let bounds = PasswordHash.Cost.operationsBounds
        let further = UInt64(trial.cost.operations - bounds.lowerBound)
        guard let fewest, further > 0, trial.milliseconds > fewest, target > fewest else { return nil }
        let count = UInt64(bounds.lowerBound) + (target - fewest) * further / (trial.milliseconds - fewest)
        let passes = UInt32(min(UInt64(bounds.upperBound), count))
        return passes > trial.cost.operations ? passes : nil
    }

    /// How many passes there is time for, by how long those of `trial` took.
    private static func passes(in target: UInt64, of trial: Trial) -> UInt32 {
        let bounds = PasswordHash.Cost.operationsBounds
        let count = target * UInt64(trial.cost.operations) / max(1, trial.milliseconds)
        return UInt32(min(UInt64(bounds.upperBound), max(UInt64(bounds.lowerBound), count)))
    }
}
