public import Sodium

/// 256 random bits that open a vault whose passphrase is lost, to be printed and kept in a safe (docs/format.md,
/// "Recovery codes").
///
/// Written as 56 symbols of Crockford's base32 in 14 groups of 4: the 32 bytes, and 3 bytes of a hash of them, by which a
/// slip of the pen is told before anything is derived.
public final class RecoveryCode: Sendable {
    private static let byteCount = 32
    private static let checksumByteCount = 3
    private static let groupSize = 4
    private static let label = Array("coffer/1/recovery-code\0".utf8)

    /// What the wrapping key is derived from, 32 bytes.
    let secret: SecureBytes

    /// A fresh code.
    public init(random: RandomSource = .system) {
        secret = SecureBytes(count: Self.byteCount) { random.overwrite($0) }
    }

    private init(secret: consuming SecureBytes) {
        self.secret = secret
    }

    /// The code as it is written: 69 characters, in capitals.
    public func text() -> SecureBytes {
        var bytes = SecureBuffer(capacity: Self.byteCount + Self.checksumByteCount)
        bytes.append(secret)
        bytes.append(Self.checksum(of: secret))
        return CrockfordBase32.text(of: bytes.finish(), inGroupsOf: Self.groupSize)
    }

    private static func checksum(of secret: borrowing SecureBytes) -> ArraySlice<UInt8> {
        var message = SecureBuffer(capacity: label.count + byteCount)
        message.append(label)
        message.append(secret)
        return message.withUnsafeBytes(Digest.of).prefix(checksumByteCount)
    }

    /// Whether `text` is a code of any vault, with its checksum.
    public static func isCode(_ text: borrowing SecureBytes) -> Bool {
        if case .code = read(text) { true } else { false }
    }

    /// What a passphrase that was given may be.
    enum Reading {
        /// A code, with its checksum.
        case code(RecoveryCode)
        /// What few would take for a passphrase: a code with a slip in it.
        case mistyped
        /// Something else.
        case other
    }

    /// Reads `text` as a code.
    static func read(_ text: borrowing SecureBytes) -> Reading {
        text.withUnsafeBytes { text -> Reading in
            let size = byteCount + checksumByteCount
            let bytes = CrockfordBase32.bytes(of: text, byteCount: size)
            if let code = bytes?.withUnsafeBytes(checked) { return .code(code) }
            return resemblesCode(text) ? .mistyped : .other
        }
    }

    /// The code in `bytes`, which end with its checksum.
    private static func checked(_ bytes: UnsafeRawBufferPointer) -> RecoveryCode? {
        let code = RecoveryCode(secret: SecureBytes(copying: bytes[..<byteCount]))
        return checksum(of: code.secret).elementsEqual(bytes[byteCount...]) ? code : nil
    }

    /// Whether this is about as long as a code, or stands in groups as a code does, in one case of letters, and is made of
    /// what codes are made of, but for two characters, whatever stands between the groups. No sentence has as many digits,
    /// no number in hexadecimal as many other letters.
    private static func resemblesCode(_ text: UnsafeRawBufferPointer) -> Bool {
        var (count, foreign, digits, others, upper, lower) = (0, 0, 0, 0, 0, 0)
        var (groups, length) = (0, 0)
        for character in text {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): upper += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"): lower += 1
            default:
                // Between groups, be it another kind of dash, of several bytes.
                if length == groupSize { groups += 1 }
                length = 0
                continue
            }
            length += 1
            count += 1
            if CrockfordBase32.value(of: character) == nil { foreign += 1 }
            if CrockfordBase32.value(of: character) ?? 0 > 0xf { others += 1 }
        }
        if length == groupSize { groups += 1 }
        let isLong = (54...58).contains(count) || groups >= 10
        return isLong && foreign <= 2 && digits >= 4 && others >= 4 && min(upper, lower) <= 2
    }
}
