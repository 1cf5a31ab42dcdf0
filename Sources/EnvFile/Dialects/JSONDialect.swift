/// One object of strings, one member per line (RFC 8259).
///
/// Only what section 7 demands is escaped: `"`, `\` and U+0000 to U+001F. Everything else stands as it is, so that the
/// file stays readable.
enum JSONDialect {
    static func begin(_ sink: inout some ByteSink & ~Copyable) {
        sink.append("{")
    }

    static func end(_ sink: inout some ByteSink & ~Copyable) {
        sink.append("\n}\n")
    }

    static func encode(
        name: String, value: UnsafeRawBufferPointer, isFirst: Bool, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        sink.append(isFirst ? "\n  \"" : ",\n  \"")
        sink.append(name: name)
        sink.append("\": \"")
        for byte in value {
            switch byte {
            case 0: throw DialectError(reason: "contains NUL")
            case UInt8(ascii: "\""): sink.append("\\\"")
            case UInt8(ascii: "\\"): sink.append("\\\\")
            case UInt8(ascii: "\n"): sink.append("\\n")
            case UInt8(ascii: "\r"): sink.append("\\r")
            case UInt8(ascii: "\t"): sink.append("\\t")
            case ..<0x20:
                sink.append("\\u")
                Hexadecimal.append(UInt32(byte), digits: 4, to: &sink)
            default: sink.append(byte)
            }
        }
        sink.append("\"")
    }
}
