extension Timestamp {
    /// The seconds since 1970-01-01T00:00:00Z of a time by RFC 3339, without their fraction; nil for anything else.
    ///
    /// A leap second counts as the first second of the next minute.
    public static func seconds(_ text: String) -> Int64? {
        var fields = Fields(text)
        guard let year = fields.number(4, 1...9999), fields.take("-"), let month = fields.number(2, 1...12),
            fields.take("-"),
            let day = fields.number(2, 1...lastDay(of: month, in: year)), fields.take("T") || fields.take("t"),
            let hour = fields.number(2, 0...23), fields.take(":"), let minute = fields.number(2, 0...59),
            fields.take(":"), let second = fields.number(2, 0...60), fields.skipFraction(),
            let offset = fields.offset(), fields.isAtEnd
        else { return nil }
        return ((days(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    private static func lastDay(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days from 1970-01-01 to a day of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years that begin in March, so that the day that not every year has is their last.
        let year = month > 2 ? year : year - 1
        let monthSinceMarch = (month + 9) % 12
        let leaps = year / 4 - year / 100 + year / 400
        return 365 * year + leaps + (153 * monthSinceMarch + 2) / 5 + day - 719_469
    }

    /// What is left to be read of a time.
    private struct Fields {
        private var rest: Substring.UTF8View

        init(_ text: String) {
            rest = text[...].utf8
        }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func number(_ digits: Int, _ bounds: ClosedRange<Int64>) -> Int64? {
            let text = rest.prefix(digits)
            guard text.count == digits, text.allSatisfy(\.isASCIIDigit) else { return nil }
            rest = rest.dropFirst(digits)
            let number = text.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
            return bounds.contains(number) ? number : nil
        }

        mutating func skipFraction() -> Bool {
            guard take(".") else { return true }
            let digits = rest.prefix(while: \.isASCIIDigit).count
            rest = rest.dropFirst(digits)
            return digits > 0
        }

        /// How many minutes the clock is ahead of UTC.
        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let sign: Int64 = take("-") ? -1 : 1
            guard sign < 0 || take("+"), let hours = number(2, 0...23), take(":"), let minutes = number(2, 0...59)
            else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}
