/// `NAME="value"` for Node's `--env-file` and `util.parseEnv`, in quotes of whichever kind the value does not have.
///
/// Node knows no escaped quotes, reads `\n` in double quotes as a line break and drops every CR (src/node_dotenv.cc).
enum NodeDialect {
    /// Node removes the first two from its environment when it starts, and makes an absolute path of the third.
    private static let reserved: Set<String> = ["NODE_CHANNEL_FD", "NODE_UNIQUE_ID", "NODE_V8_COVERAGE"]

    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if reserved.contains(name) { throw DialectError(reason: "is a name that Node keeps for itself") }
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        if value.contains(UInt8(ascii: "\r")) { throw DialectError(reason: "contains a carriage return") }
        sink.append(name: name)
        sink.append("=")
        if let quote = quote(for: value) {
            sink.append(quote)
            sink.append(value)
            sink.append(quote)
        } else if standsBare(value) {
            sink.append(value)
        } else {
            throw DialectError(
                reason: "contains quotes of all kinds (\"\\n\" counts as a double one) and cannot stand without quotes")
        }
        sink.append("\n")
    }

    /// The quote to put `value` in; nil when there is none.
    private static func quote(for value: UnsafeRawBufferPointer) -> UInt8? {
        let (double, single, back) = (UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"))
        // Kin of Node's reader know more escapes in double quotes than `\n`: a backslash stands in others where it can.
        if !value.contains(double) && !value.contains(UInt8(ascii: "\\")) { return double }
        if !value.contains(single) { return single }
        if !value.contains(back) { return back }
        return value.contains(double) || hasLineBreakEscape(value) ? nil : double
    }

    private static func hasLineBreakEscape(_ value: UnsafeRawBufferPointer) -> Bool {
        zip(value, value.dropFirst()).contains { $0 == UInt8(ascii: "\\") && $1 == UInt8(ascii: "n") }
    }

    /// Whether `value`, which is not empty, is read as it stands without quotes.
    private static func standsBare(_ value: UnsafeRawBufferPointer) -> Bool {
        let ends: [UInt8] = [value[0], value[value.count - 1]]
        return !ends.contains(UInt8(ascii: " ")) && !ends.contains(UInt8(ascii: "\t"))
            && ![UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`")].contains(value[0])
            && !value.contains(UInt8(ascii: "#")) && !value.contains(UInt8(ascii: "\n"))
    }
}
