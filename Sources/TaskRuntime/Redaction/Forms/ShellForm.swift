/// How a value is quoted for a POSIX shell.
enum ShellForm: CaseIterable {
    /// Within `'…'`, with `'\''` for a quote: `${name@Q}` and `set -x` in bash.
    case single
    /// Within `'…'`, with `'"'"'` for a quote: Python's `shlex.quote`.
    case singleSplit
    /// Within `"…"`, with a backslash before what is special there, as `coffer export` writes it.
    case double
    /// Without quotes, with a backslash before what is special anywhere: bash's `printf %q`.
    case backslash
    /// Within `$'…'`: bash's `printf %q` for what cannot be printed.
    case ansi
    /// The same in a locale where only ASCII can be printed.
    case ansiOctal

    private static let safe = ASCIISet("%+-./:=@_", and: .alphanumerics)
    private static let specialWithinDouble = ASCIISet("\\\"$`")
    private static let specialAnywhere = ASCIISet(" \t\n!\"$&'()*,;<>?[\\]^`{|}")

    /// Whether this differs from the plain value and from simpler forms, for values of these characters.
    func isDistinct(for characters: Repertoire) -> Bool {
        let unquoted = characters.ascii.subtracting(Self.safe)
        return switch self {
        case .single, .singleSplit: unquoted.contains(UInt8(ascii: "'"))
        case .double: unquoted.intersects(Self.specialWithinDouble)
        case .backslash, .ansi: !unquoted.isEmpty
        case .ansiOctal: characters.hasOthers
        }
    }

    /// Writes `value`.
    func write(_ value: UnsafeRawBufferPointer, to labels: inout Labels) {
        var previous = UInt8(ascii: "=")
        for (index, byte) in value.enumerated() {
            switch self {
            case .single: write(byte, quote: "'\\''", to: &labels)
            case .singleSplit: write(byte, quote: "'\"'\"'", to: &labels)
            case .double: write(byte, escaped: Self.specialWithinDouble.contains(byte), to: &labels)
            case .backslash:
                let isSpecial =
                    byte == UInt8(ascii: "#") && index == 0
                    || byte == UInt8(ascii: "~") && (previous == UInt8(ascii: "=") || previous == UInt8(ascii: ":"))
                write(byte, escaped: isSpecial || Self.specialAnywhere.contains(byte), to: &labels)
            case .ansi, .ansiOctal: write(ansi: byte, to: &labels)
            }
            previous = byte
        }
    }

    private func write(_ byte: UInt8, quote: StaticString, to labels: inout Labels) {
        if byte == UInt8(ascii: "'") { labels.append(quote) } else { labels.append(byte) }
    }

    private func write(_ byte: UInt8, escaped: Bool, to labels: inout Labels) {
        if escaped { labels.append(UInt8(ascii: "\\")) }
        labels.append(byte)
    }

    private func write(ansi byte: UInt8, to labels: inout Labels) {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"): write(byte, escaped: true, to: &labels)
        case 0x07: labels.append("\\a")
        case 0x08: labels.append("\\b")
        case 0x09: labels.append("\\t")
        case 0x0a: labels.append("\\n")
        case 0x0b: labels.append("\\v")
        case 0x0c: labels.append("\\f")
        case 0x0d: labels.append("\\r")
        case 0x1b: labels.append("\\E")
        case 0x20..<0x7f: labels.append(byte)
        case 0x80... where self == .ansi: labels.append(byte)
        default:
            labels.append(UInt8(ascii: "\\"))
            labels.append(UInt8(ascii: "0") + byte >> 6)
            labels.append(UInt8(ascii: "0") + byte >> 3 & 7)
            labels.append(UInt8(ascii: "0") + byte & 7)
        }
    }
}
