/// `NAME="value"` for python-dotenv, and as far as it goes for its kin in Ruby, Go and JavaScript.
///
/// In double quotes `\\`, `\"`, `\n` and `\r` are escapes. python-dotenv expands `${…}` whatever the quotes, so `${` is
/// written `${:-$}{`: a variable without a name, whose default is `$`. A value with other `$` stands in single quotes
/// where it can.
enum DotenvDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        sink.append(name: name)
        sink.append("=")
        if DotenvQuotes.preferSingle(for: value) {
            DotenvQuotes.appendSingle(value, to: &sink)
        } else {
            DotenvQuotes.appendDouble(
                value, dollar: "${:-$}", before: { $0 == UInt8(ascii: "{") }, nothing: "${:-}", to: &sink)
        }
        sink.append("\n")
    }
}
