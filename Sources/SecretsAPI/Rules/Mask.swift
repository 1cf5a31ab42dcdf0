/// What is shown in place of a value: its first 3 and last 4 characters with 8 bullets between them.
///
/// The hosted API's text says so; a value too short to keep 9 characters hidden is 8 bullets alone. Characters are code
/// points, as in all lengths of the API. A character that could move a cursor, turn the writing direction or join its
/// neighbours is shown as a bullet.
enum Mask {
    private static let bullet: Unicode.Scalar = "•"
    private static let shownAtStart = 3
    private static let shownAtEnd = 4
    private static let leastHidden = 9

    /// The mask of `value`, which has `codePointCount` code points: at most 52 bytes.
    static func of(_ value: borrowing UTF8Span, codePointCount: Int) -> String {
        var mask = String.UnicodeScalarView()
        let bullets = repeatElement(bullet, count: 8)
        guard codePointCount >= shownAtStart + leastHidden + shownAtEnd else {
            mask.append(contentsOf: bullets)
            return String(mask)
        }
        var scalars = value.makeUnicodeScalarIterator()
        for _ in 0..<shownAtStart { mask.append(shown(scalars.next()!)) }
        mask.append(contentsOf: bullets)
        scalars = value.makeUnicodeScalarIterator()
        _ = scalars.skipForward(by: codePointCount - shownAtEnd)
        for _ in 0..<shownAtEnd { mask.append(shown(scalars.next()!)) }
        return String(mask)
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .nonspacingMark, .enclosingMark, .spacingMark,
            .privateUse, .unassigned, .surrogate:
            bullet
        default: scalar
        }
    }
}
