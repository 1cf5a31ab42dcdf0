internal import ArgumentParser

/// A span of time as people write it: a number and `s`, `m`, `h` or `d`, at most ten years.
package struct TimeSpan: ExpressibleByArgument, Equatable {
    private static let units: KeyValuePairs<Character, Int64> = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
    private static let longest: Int64 = 3650 * 86_400

    /// The span in seconds.
    package let seconds: Int64

    init(seconds: Int64) {
        self.seconds = seconds
    }

    package init?(argument: String) {
        guard let unit = Self.units.first(where: { $0.key == argument.last })?.value,
            let count = Int64(argument.dropLast()), count > 0
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, seconds <= Self.longest else { return nil }
        self.seconds = seconds
    }

    package var defaultValueDescription: String { description }
}

extension TimeSpan: CustomStringConvertible {
    /// The span in the greatest unit that it is a multiple of.
    package var description: String {
        let unit = Self.units.first { seconds.isMultiple(of: $0.value) }!
        return "\(seconds / unit.value)\(unit.key)"
    }
}
