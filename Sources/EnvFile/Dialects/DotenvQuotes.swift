/// Quotes as python-dotenv reads them, on which Docker Compose 1 is built.
enum DotenvQuotes {
    /// Whether `value` has a `$`, but nothing that is special in single quotes or that Python's text mode changes.
    ///
    /// Only then single quotes are the better ones: many readers expand `$NAME` in double quotes. `${` is special in
    /// both.
    static func preferSingle(for value: UnsafeRawBufferPointer) -> Bool {
        var hasDollar = false
        for (index, byte) in value.enumerated() {
            switch byte {
            case UInt8(ascii: "$"):
                if index + 1 < value.count, value[index + 1] == UInt8(ascii: "{") { return false }
                hasDollar = true
            case UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "\r"):
                return false
            default:
                break
            }
        }
        return hasDollar
    }

    /// Writes `value` in double quotes.
    ///
    /// `dollar` is written for each `$` before a byte (nil at the end) for which `isSpecial` holds, and `nothing` behind
    /// a backslash at the end: before 1.2.3 python-dotenv takes the last two characters of `\\"` for an escaped quote.
    static func appendDouble(
        _ value: UnsafeRawBufferPointer, dollar: StaticString, before isSpecial: (UInt8?) -> Bool,
        nothing: StaticString, to sink: inout some ByteSink & ~Copyable
    ) {
        sink.append("\"")
        for (index, byte) in value.enumerated() {
            switch byte {
            case UInt8(ascii: "\\"): sink.append(#"\\"#)
            case UInt8(ascii: "\""): sink.append(#"\""#)
            case UInt8(ascii: "\n"): sink.append(#"\n"#)
            case UInt8(ascii: "\r"): sink.append(#"\r"#)
            case UInt8(ascii: "$") where isSpecial(index + 1 < value.count ? value[index + 1] : nil):
                sink.append(dollar)
            default: sink.append(byte)
            }
        }
        if value.last == UInt8(ascii: "\\") { sink.append(nothing) }
        sink.append("\"")
    }

    /// Writes `value`, for which single quotes are preferred, in these.
    static func appendSingle(_ value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable) {
        sink.append("'")
        sink.append(value)
        sink.append("'")
    }
}
