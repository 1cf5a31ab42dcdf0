/// One mapping of names to double-quoted strings, one per line; the same for readers of YAML 1.1 and 1.2.
///
/// What is printable stands as it is, on one line however long, everything else escaped (YAML 1.2, 5.7).
enum YAMLDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        append(name: name, to: &sink)
        sink.append(": \"")
        var index = 0
        while index < value.count {
            let byte = value[index]
            switch byte {
            case 0: throw DialectError(reason: "contains NUL")
            case UInt8(ascii: "\""): sink.append("\\\"")
            case UInt8(ascii: "\\"): sink.append("\\\\")
            case UInt8(ascii: "\n"): sink.append("\\n")
            case UInt8(ascii: "\r"): sink.append("\\r")
            case UInt8(ascii: "\t"): sink.append("\\t")
            default:
                if let (number, length) = YAMLEscape.codePoint(at: index, in: value) {
                    sink.append(number < 0x100 ? "\\x" : "\\u")
                    Hexadecimal.append(number, digits: number < 0x100 ? 2 : 4, to: &sink)
                    index += length
                    continue
                }
                sink.append(byte)
            }
            index += 1
        }
        sink.append("\"\n")
    }

    /// Writes a name, in quotes where YAML 1.1 would take it for a truth value or null.
    static func append(name: String, to sink: inout some ByteSink & ~Copyable) {
        switch name {
        case "Y", "YES", "ON", "TRUE", "N", "NO", "OFF", "FALSE", "NULL":
            sink.append("\"")
            sink.append(name: name)
            sink.append("\"")
        default: sink.append(name: name)
        }
    }
}
