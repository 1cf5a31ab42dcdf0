internal import ArgumentParser

/// How long opening a vault may take, as people write it: a number and `ms` or `s`, 100 ms to 10 s.
struct OpeningTime: ExpressibleByArgument {
    private static let bounds: ClosedRange<UInt64> = 100...10_000

    /// The time in milliseconds.
    let milliseconds: UInt64

    init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    init?(argument: String) {
        let (digits, factor): (Substring, UInt64) =
            argument.hasSuffix("ms") ? (argument.dropLast(2), 1) : (argument.dropLast(), 1000)
        guard argument.hasSuffix("s"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = UInt64(digits), count <= Self.bounds.upperBound, Self.bounds.contains(count * factor)
        else { return nil }
        milliseconds = count * factor
    }

    var defaultValueDescription: String { "\(milliseconds / 1000)s" }
}
