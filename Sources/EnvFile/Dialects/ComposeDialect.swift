/// `NAME="value"` or `NAME='value'` for Docker Compose, in forms that versions 1 and 2 read the same.
///
/// Version 1 reads env files with python-dotenv, version 2 with its own parser (compose-go's package `dotenv`). Both
/// know `\\`, `\"`, `\n` and `\r` in double quotes. A `$` stands in single quotes where it can. In double quotes both
/// expand it, but `$$` and `\$` are escapes to version 2 only, so there it is written as two variables that read
/// differently, `coffer_unset` being set nowhere (no secret has that name, since names are upper-case):
///
///     written              version 1                                           version 2
///     ${coffer_unset-$$}   a variable `coffer_unset-$$`: nothing               the default `$$`, that is `$`
///     ${coffer_unset+:-$}  a variable `coffer_unset+` with a default `$`: `$`  an alternative not used: nothing
enum ComposeDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        sink.append(name: name)
        sink.append("=")
        if DotenvQuotes.preferSingle(for: value) {
            DotenvQuotes.appendSingle(value, to: &sink)
        } else {
            DotenvQuotes.appendDouble(value, dollar: dollar, before: { _ in true }, nothing: nothing, to: &sink)
        }
        sink.append("\n")
    }

    /// What both versions read as `$` in double quotes.
    static let dollar: StaticString = "${coffer_unset-$$}${coffer_unset+:-$}"
    /// What both versions read as nothing in double quotes: a variable `coffer_unset-`, or an empty default.
    static let nothing: StaticString = "${coffer_unset-}"
}
