/// How an encoder writes a JSON string (RFC 8259, section 7), where it has a choice.
struct JSONForm: Hashable {
    /// Whether everything that is not ASCII, and DEL, is written as `\uXXXX`, in UTF-16.
    var isASCII = false
    /// The digits of `\uXXXX`.
    var letters = LetterCase.lower
    /// Whether `/` is written as `\/`.
    var escapesSolidus = false
    /// What else is written as `\uXXXX`.
    var safety = Safety.none

    /// What an encoder escapes so that the text can stand in a web page.
    enum Safety {
        case none
        /// `<`, `>`, `&` and the two line separators: Go's `encoding/json`.
        case go
        /// These but the separators, `'`, `"`, `+` and the back-tick: .NET's `System.Text.Json`.
        case dotNet
    }

    /// The forms in use: JavaScript, Python, PHP, Jackson, Go, .NET.
    static let all: [JSONForm] =
        [false, true].flatMap { isASCII in
            LetterCase.allCases.flatMap { letters in
                [false, true].map { JSONForm(isASCII: isASCII, letters: letters, escapesSolidus: $0) }
            }
        } + [JSONForm(safety: .go), JSONForm(isASCII: true, letters: .upper, safety: .dotNet)]

    private static let escapedAlways = ASCIISet("\"\\")
    private static let controls = ASCIISet(
        """
        \u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}\u{a}\u{b}\u{c}\u{d}\u{e}\u{f}\
        \u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{7f}
        """)
    private static let escapedByGo = ASCIISet("<>&")
    private static let escapedByDotNet = ASCIISet("<>&'\"+`")

    /// Whether this differs from simpler forms, for values of these characters.
    func isDistinct(for characters: Repertoire) -> Bool {
        let hasHexadecimal = characters.hasOthers || characters.ascii.intersects(Self.controls)
        switch safety {
        case .go: return characters.hasOthers || characters.ascii.intersects(Self.escapedByGo)
        case .dotNet: return characters.hasOthers || characters.ascii.intersects(Self.escapedByDotNet)
        case .none: break
        }
        if isASCII, !characters.hasOthers, !characters.ascii.contains(0x7f) { return false }
        if letters == .upper, !hasHexadecimal { return false }
        if escapesSolidus { return characters.ascii.contains(UInt8(ascii: "/")) }
        return hasHexadecimal || characters.ascii.intersects(Self.escapedAlways)
    }

    /// Writes `value`, which is UTF-8. A byte that is not is written as it is.
    func write(_ value: UnsafeRawBufferPointer, to labels: inout Labels) {
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte < 0x80 {
                write(ascii: byte, to: &labels)
                index += 1
            } else if let (scalar, count) = Self.scalar(in: value, at: index) {
                if isASCII || safety == .go && (scalar == 0x2028 || scalar == 0x2029) {
                    write(escaped: scalar, to: &labels)
                } else {
                    for offset in 0..<count { labels.append(value[index + offset]) }
                }
                index += count
            } else {
                labels.append(byte)
                index += 1
            }
        }
    }

    private func write(ascii byte: UInt8, to labels: inout Labels) {
        let isUnsafe =
            switch safety {
            case .none: false
            case .go: Self.escapedByGo.contains(byte)
            case .dotNet: Self.escapedByDotNet.contains(byte)
            }
        if isUnsafe { return write(escaped: UInt32(byte), to: &labels) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): write(afterBackslash: byte, to: &labels)
        case UInt8(ascii: "/") where escapesSolidus: write(afterBackslash: byte, to: &labels)
        case 0x08: write(afterBackslash: UInt8(ascii: "b"), to: &labels)
        case 0x09: write(afterBackslash: UInt8(ascii: "t"), to: &labels)
        case 0x0a: write(afterBackslash: UInt8(ascii: "n"), to: &labels)
        case 0x0c: write(afterBackslash: UInt8(ascii: "f"), to: &labels)
        case 0x0d: write(afterBackslash: UInt8(ascii: "r"), to: &labels)
        case 0x00..<0x20: write(escaped: UInt32(byte), to: &labels)
        case 0x7f where isASCII: write(escaped: 0x7f, to: &labels)
        default: labels.append(byte)
        }
    }

    private func write(afterBackslash byte: UInt8, to labels: inout Labels) {
        labels.append(UInt8(ascii: "\\"))
        labels.append(byte)
    }

    private func write(escaped scalar: UInt32, to labels: inout Labels) {
        if scalar > 0xffff {
            write(unit: UInt16(0xd800 + (scalar - 0x10000) >> 10), to: &labels)
            write(unit: UInt16(0xdc00 + (scalar - 0x10000) & 0x3ff), to: &labels)
        } else {
            write(unit: UInt16(scalar), to: &labels)
        }
    }

    private func write(unit: UInt16, to labels: inout Labels) {
        labels.append("\\u")
        letters.write(UInt8(unit >> 8), to: &labels)
        letters.write(UInt8(unit & 0xff), to: &labels)
    }

    /// The character beyond ASCII that begins at `index`, and its length in bytes; nil if that is no UTF-8.
    private static func scalar(in value: UnsafeRawBufferPointer, at index: Int) -> (scalar: UInt32, count: Int)? {
        let lead = value[index]
        let count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
        guard lead >= 0xc2, lead < 0xf5, index + count <= value.count else { return nil }
        var scalar = UInt32(lead) & (0x7f >> UInt32(count))
        for byte in value[index + 1..<index + count] {
            guard byte & 0xc0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3f)
        }
        return (scalar, count)
    }
}
