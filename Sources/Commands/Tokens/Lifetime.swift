internal import ArgumentParser

/// A span of time as people write it: a number and `s`, `m`, `h` or `d`, at most ten years.
package struct Lifetime: ExpressibleByArgument, Equatable {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    private static let longest: Int64 = 3650 * 86_400

    /// The span in seconds.
    package let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    package init?(argument: String) {
        guard let unit = argument.last.flatMap({ Self.units[$0] }), let count = Int64(argument.dropLast()), count > 0
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, seconds <= Self.longest else { return nil }
        self.seconds = seconds
    }

    package var defaultValueDescription: String { "\(seconds / 86_400)d" }
}
