/// `NAME=value` for `docker run --env-file`: the value is the rest of the line, raw.
///
/// Follows docker/cli `pkg/kvfile`, which reads lines with Go's `bufio.Scanner`: a line ends with LF, a CR before it is
/// dropped, and the line with its LF may have 65,536 bytes. Quotes, `#` and blanks are part of the value.
enum DockerDialect {
    /// Go's `bufio.MaxScanTokenSize`, in bytes; the LF counts.
    private static let longestLine = 65_536

    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if value.contains(0) { throw DialectError(reason: "contains NUL") }
        if value.contains(UInt8(ascii: "\n")) { throw DialectError(reason: "contains a line break") }
        if value.last == UInt8(ascii: "\r") { throw DialectError(reason: "ends with a carriage return") }
        // The equals sign and the LF are the two more.
        if value.count > longestLine - 2 - name.utf8.count {
            throw DialectError(reason: "is too long for a line of 65,536 bytes")
        }
        sink.append(name: name)
        sink.append("=")
        sink.append(value)
        sink.append("\n")
    }
}
