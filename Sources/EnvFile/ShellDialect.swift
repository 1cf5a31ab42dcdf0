/// `NAME="value"` for bash, dash and systemd.
///
/// Inside double quotes all three take a backslash before `\`, `"`, `$` and the back-tick as escaping it (POSIX shell,
/// 2.2.3; systemd's `SHELL_NEED_ESCAPE`), everything else, line breaks included, as itself. `'\''` would not do for
/// systemd. There is no `export`, which systemd does not know: `set -a` before `source` exports.
enum ShellDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        for byte in name.utf8 { sink.append(byte) }
        sink.append(UInt8(ascii: "="))
        sink.append(UInt8(ascii: "\""))
        for byte in value {
            switch byte {
            case 0:
                throw DialectError(reason: "contains NUL")
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"):
                sink.append(UInt8(ascii: "\\"))
                sink.append(byte)
            default:
                sink.append(byte)
            }
        }
        sink.append(UInt8(ascii: "\""))
        sink.append(UInt8(ascii: "\n"))
    }
}
