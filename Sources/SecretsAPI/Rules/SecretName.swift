/// The rule for names: `^[A-Z][A-Z0-9_]*$` to the very end, 1 to 128 characters, as the hosted API has it.
public enum SecretName {
    /// The greatest length in characters, which are all ASCII.
    public static let maximumLength = 128

    /// What is wrong with `name`, in words that do not repeat it; nil when it is valid.
    public static func fault(in name: String) -> String? {
        // Bytes rather than a regular expression: `$` would accept a line break behind the name, and `[0-9]` in some
        // engines the digits of other scripts.
        let bytes = name.utf8
        guard let first = bytes.first else { return "must not be empty" }
        guard name.unicodeScalars.count <= maximumLength else {
            return "must be at most \(maximumLength) characters long"
        }
        guard isUpperCase(first), bytes.allSatisfy(allows) else {
            return "must start with A to Z and contain only A to Z, 0 to 9 and _"
        }
        return nil
    }

    /// `name` as UPPER_SNAKE_CASE: `dbPassword`, `db-password` and `db.password` are DB_PASSWORD. Nil where `name` is not
    /// made of ASCII letters, digits, `_`, `-` and `.`, does not begin with a letter, or gets too long.
    public static func upperSnakeCase(_ name: String) -> String? {
        guard name.utf8.count <= maximumLength, name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let letters = Array(name)
        var words = ""
        for (index, letter) in letters.enumerated() {
            switch letter {
            case "_", "-", ".":
                words.append("_")
            case "A"..."Z":
                // A hump starts a word; of a run of capitals, the last does when a small letter follows.
                let previous = index > 0 ? letters[index - 1] : "_"
                let next = index + 1 < letters.count ? letters[index + 1] : "_"
                let isHump = previous.isLowercase || previous.isNumber || previous.isUppercase && next.isLowercase
                words += isHump ? "_\(letter)" : String(letter)
            case "a"..."z", "0"..."9":
                words += letter.uppercased()
            default:
                return nil
            }
        }
        return fault(in: words) == nil ? words : nil
    }

    /// Whether a name may have `byte` in it.
    public static func allows(_ byte: UInt8) -> Bool {
        isUpperCase(byte) || byte.isASCIIDigit || byte == UInt8(ascii: "_")
    }

    private static func isUpperCase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
