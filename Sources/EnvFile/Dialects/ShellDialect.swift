/// `NAME="value"` for bash, dash and systemd.
///
/// Inside double quotes all three take a backslash before `\`, `"`, `$` and the back-tick as escaping it (POSIX shell,
/// 2.2.3; systemd's `SHELL_NEED_ESCAPE`), everything else, line breaks included, as itself. `'\''` would not do for
/// systemd. There is no `export`, which systemd does not know: `set -a` before `source` exports.
///
/// systemd alone turns a whole file away when a value has a noncharacter (U+FDD0–U+FDEF, U+FFFE, U+FFFF and so on in
/// every plane); the shells hold them.
enum ShellDialect {
    static func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        if isTakenByShell(name) {
            throw DialectError(reason: "is a variable that bash or dash keeps for itself")
        }
        sink.append(name: name)
        sink.append("=\"")
        var previous: UInt8 = 0
        for byte in value {
            switch byte {
            case 0:
                throw DialectError(reason: "contains NUL")
            case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"):
                // Where the locale is GBK, Big5 or Shift JIS, bash takes a backslash behind such a byte for the second
                // half of a character and carries out the `$(…)` it was to escape. Quotes cannot be a second half.
                if previous >= 0x80 { sink.append("\"\"") }
                sink.append(UInt8(ascii: "\\"))
                sink.append(byte)
            default:
                sink.append(byte)
            }
            previous = byte
        }
        sink.append("\"\n")
    }

    /// Whether bash or dash sets this variable itself, so that what is assigned does not reach a command's environment,
    /// or ends the file or is computed as arithmetic (which can run commands).
    ///
    /// Found by assigning every upper-case word in bash 5.2 and dash 0.5.12, from a script, with `--posix` and at a
    /// terminal, which is where `COLUMNS` and `LINES` change; `SHLVL` does on `exec`. `BASH_MONOSECONDS` is of bash 5.3.
    private static func isTakenByShell(_ name: String) -> Bool {
        switch name {
        case "BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0", "BASH_CMDS", "BASH_LINENO",
            "BASH_MONOSECONDS", "BASH_SOURCE", "BASH_SUBSHELL", "BASH_VERSINFO", "COLUMNS", "COMP_WORDBREAKS",
            "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS", "HISTCMD", "LINENO", "LINES",
            "MAILCHECK", "OPTIND", "PIPESTATUS", "PPID", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL", "SRANDOM", "UID":
            true
        default:
            false
        }
    }
}
