/// A way in which programs write a value.
///
/// Quotes and padding around a form are not part of it: it is found within them.
enum Form: Hashable {
    /// As it is.
    case plain
    /// With each run of blanks and line breaks as one blank, and none at the ends: what `echo $NAME` makes of it.
    case words
    /// Base64 (RFC 4648), of a text in which `before` bytes modulo 3 stand before the value.
    case base64(Base64Form.Alphabet, before: Int)
    /// Base64 of the value alone, in lines of `width` characters.
    case wrappedBase64(Base64Form.Alphabet, width: Int)
    /// Hexadecimal digits.
    case hex(LetterCase)
    /// Hexadecimal digits in lines of 60, as `xxd -p` writes them.
    case wrappedHex(LetterCase)
    /// Percent-encoded (RFC 3986).
    case percent(PercentForm.Kept, LetterCase, blankAsPlus: Bool)
    /// Within a JSON string (RFC 8259).
    case json(JSONForm)
    /// Within the quotes of a shell, or quoted without any.
    case shell(ShellForm)

    /// All of them. Those that do not apply to a value are equal to another one, and left out when they are added.
    static let all: [Form] =
        [.plain, .words] + base64 + LetterCase.allCases.flatMap { [.hex($0), .wrappedHex($0)] } + percent
        + JSONForm.all.map { .json($0) } + ShellForm.allCases.map { .shell($0) }

    private static let base64: [Form] = Base64Form.Alphabet.allCases.flatMap { alphabet -> [Form] in
        // 76 in MIME (RFC 2045) and coreutils, 64 in PEM (RFC 7468).
        (0..<3).map { .base64(alphabet, before: $0) } + [76, 64].map { .wrappedBase64(alphabet, width: $0) }
    }

    private static let percent: [Form] = LetterCase.allCases.flatMap { letters -> [Form] in
        PercentForm.Kept.allCases.flatMap { kept -> [Form] in
            [false, true].map { .percent(kept, letters, blankAsPlus: $0) }
        }
    }

    /// Whether the form may differ from all that stand before it in ``all``, for values of these characters.
    ///
    /// Equal forms are left out in any case when they are added; to tell beforehand is what makes that fast.
    func isDistinct(for characters: Repertoire) -> Bool {
        switch self {
        case .plain, .base64, .hex: true
        case .words: characters.ascii.intersects(Self.blanks)
        case .wrappedBase64(_, let width): 8 * characters.count / 6 > width
        case .wrappedHex: 2 * characters.count > HexForm.width
        case .percent(let kept, let letters, let blankAsPlus):
            PercentForm.isDistinct(keeping: kept, in: letters, blankAsPlus: blankAsPlus, for: characters)
        case .json(let form): form.isDistinct(for: characters)
        case .shell(let form): form.isDistinct(for: characters)
        }
    }

    /// Writes `value` in this form.
    func write(_ value: UnsafeRawBufferPointer, to labels: inout Labels) {
        switch self {
        case .plain: for byte in value { labels.append(byte) }
        case .words: Self.writeWords(value, to: &labels)
        case .base64(let alphabet, let before):
            Base64Form.write(value, in: alphabet, before: before, to: &labels)
        case .wrappedBase64(let alphabet, let width):
            Base64Form.write(value, in: alphabet, width: width, to: &labels)
        case .hex(let letters): HexForm.write(value, in: letters, to: &labels)
        case .wrappedHex(let letters): HexForm.write(value, in: letters, width: HexForm.width, to: &labels)
        case .percent(let kept, let letters, let blankAsPlus):
            PercentForm.write(value, keeping: kept, in: letters, blankAsPlus: blankAsPlus, to: &labels)
        case .json(let form): form.write(value, to: &labels)
        case .shell(let form): form.write(value, to: &labels)
        }
    }

    /// Whether the form of a value of these characters may have line breaks, which a terminal ends with CR and LF.
    func mayBreakLines(for characters: Repertoire) -> Bool {
        switch self {
        case .wrappedBase64, .wrappedHex: true
        case .plain, .shell: characters.ascii.contains(UInt8(ascii: "\n"))
        // These have none, or write them as something else.
        case .words, .base64, .hex, .percent, .json: false
        }
    }

    /// What a shell takes for blanks between words (POSIX shell, IFS).
    private static let blanks = ASCIISet(" \t\n")

    private static func writeWords(_ value: UnsafeRawBufferPointer, to labels: inout Labels) {
        var isBetween = false
        var isFirst = true
        for byte in value {
            if blanks.contains(byte) {
                isBetween = !isFirst
                continue
            }
            if isBetween { labels.append(UInt8(ascii: " ")) }
            labels.append(byte)
            isBetween = false
            isFirst = false
        }
    }
}
