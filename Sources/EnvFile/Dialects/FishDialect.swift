/// `set -gx NAME 'value'` for fish.
///
/// Inside single quotes fish takes a backslash before `\` and `'` as escaping it, everything else as itself. The code
/// points that fish uses within (U+F600–U+F6FF, U+FDD0–U+FDEF) pass through.
enum FishDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if isTakenByFish(name) { throw DialectError(reason: "is a variable that fish keeps for itself") }
        sink.append("set -gx ")
        sink.append(name: name)
        sink.append(" '")
        var previous: UInt8 = 0
        for byte in value {
            switch byte {
            case 0:
                throw DialectError(reason: "contains NUL")
            case UInt8(ascii: "\\"), UInt8(ascii: "'"):
                // As for bash: behind such a byte a backslash may be the second half of a character in GBK and the like.
                if previous >= 0x80 { sink.append("''") }
                sink.append(UInt8(ascii: "\\"))
                sink.append(byte)
            default:
                sink.append(byte)
            }
            previous = byte
        }
        sink.append("'\n")
    }

    /// Whether fish sets this variable itself, or, as in the lists `PATH` and `CDPATH`, its empty elements.
    ///
    /// Found by assigning every upper-case word in fish 3.6 from a script, and at a terminal, which is where
    /// `CMD_DURATION`, `COLUMNS` and `LINES` change.
    private static func isTakenByFish(_ name: String) -> Bool {
        switch name {
        case "CDPATH", "CMD_DURATION", "COLUMNS", "FISH_VERSION", "LINES", "PATH", "PWD", "SHLVL": true
        default: false
        }
    }
}
