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
        guard isUpperCase(first), bytes.allSatisfy({ isUpperCase($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "_") })
        else { return "must start with A to Z and contain only A to Z, 0 to 9 and _" }
        return nil
    }

    private static func isUpperCase(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
