/// Two things that Foundation's decoder lets pass and RFC 8259 does not: another encoding than UTF-8, and a comma
/// behind the last member. A client that sends them is told so, rather than working here and failing elsewhere.
enum JSONText {
    /// Whether `text` has neither; whatever else is wrong with it is for the
    /// decoder to find, which looks into the members that it is asked for and no others.
    static func isStrict(_ text: some Sequence<UInt8>) -> Bool {
        var insideString = false
        var escaped = false
        var last: UInt8 = 0
        for byte in text {
            // UTF-16 and UTF-32 have zero bytes around every ASCII character; in UTF-8 JSON there are none at all.
            if byte == 0 { return false }
            if insideString {
                insideString = escaped || byte != UInt8(ascii: "\"")
                escaped = !escaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "}") where last == UInt8(ascii: ","), UInt8(ascii: "]") where last == UInt8(ascii: ","):
                return false
            default: insideString = byte == UInt8(ascii: "\"")
            }
            last = byte
        }
        return true
    }
}
