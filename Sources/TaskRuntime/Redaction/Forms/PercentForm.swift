/// Percent-encoding (RFC 3986, 2.1): `%` and two hexadecimal digits for each byte that is not kept.
enum PercentForm {
    /// The characters that are kept, of which every encoder has its own idea.
    enum Kept: CaseIterable {
        /// None.
        case none
        /// Letters and digits, as with Swift's `CharacterSet.alphanumerics`.
        case alphanumerics
        /// RFC 3986's unreserved ones: curl, PHP's `rawurlencode`, Go's `QueryEscape`, jq.
        case unreserved
        /// These and `/`: Python's `quote`.
        case path
        /// HTML forms (the URL standard's `application/x-www-form-urlencoded`) and Java's `URLEncoder`.
        case form
        /// PHP's `urlencode`.
        case formWithoutAsterisk
        /// .NET's `UrlEncode`.
        case dotNet
        /// JavaScript's `encodeURIComponent`.
        case component
        /// JavaScript's `encodeURI`.
        case uri
        /// Names and passwords in JavaScript's `URL` (the URL standard's userinfo percent-encode set).
        case userinfo

        /// These characters.
        var set: ASCIISet {
            switch self {
            case .none: Self.noSet
            case .alphanumerics: .alphanumerics
            case .unreserved: Self.unreservedSet
            case .path: Self.pathSet
            case .form: Self.formSet
            case .formWithoutAsterisk: Self.formWithoutAsteriskSet
            case .dotNet: Self.dotNetSet
            case .component: Self.componentSet
            case .uri: Self.uriSet
            case .userinfo: Self.userinfoSet
            }
        }

        private static let noSet = ASCIISet("")
        private static let unreservedSet = ASCIISet("-._~", and: .alphanumerics)
        private static let pathSet = ASCIISet("-._~/", and: .alphanumerics)
        private static let formSet = ASCIISet("-._*", and: .alphanumerics)
        private static let formWithoutAsteriskSet = ASCIISet("-._", and: .alphanumerics)
        private static let dotNetSet = ASCIISet("-._!*()", and: .alphanumerics)
        private static let componentSet = ASCIISet("-._~!*'()", and: .alphanumerics)
        private static let uriSet = ASCIISet("-._~!*'();,/?:@&=+$#", and: .alphanumerics)
        private static let userinfoSet = ASCIISet("-._~!*'()$&+,%", and: .alphanumerics)
    }

    /// The characters whose number has a digit above 9.
    private static let withLetters = ASCIISet(
        "\n\u{b}\u{c}\r\u{e}\u{f}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}*+,-./:;<=>?JKLMNOZ[\\]^_jklmnoz{|}~\u{7f}")

    /// Whether this is neither the plain value nor what keeping the unreserved characters makes of it.
    static func isDistinct(
        keeping kept: Kept, in letters: LetterCase, blankAsPlus: Bool, for characters: Repertoire
    ) -> Bool {
        let escaped = characters.ascii.subtracting(kept.set)
        if escaped.isEmpty, !characters.hasOthers { return false }
        if blankAsPlus, !escaped.contains(UInt8(ascii: " ")) { return false }
        if letters == .upper, !characters.hasOthers, !escaped.intersects(withLetters) { return false }
        return kept == .none || kept == .unreserved || escaped != characters.ascii.subtracting(Kept.unreserved.set)
    }

    /// Writes `value`, with `+` for a blank if `blankAsPlus`.
    static func write(
        _ value: UnsafeRawBufferPointer, keeping kept: Kept, in letters: LetterCase, blankAsPlus: Bool,
        to labels: inout Labels
    ) {
        let set = kept.set
        for byte in value {
            if set.contains(byte) {
                labels.append(byte)
            } else if byte == UInt8(ascii: " "), blankAsPlus {
                labels.append(UInt8(ascii: "+"))
            } else {
                labels.append(UInt8(ascii: "%"))
                letters.write(byte, to: &labels)
            }
        }
    }
}
