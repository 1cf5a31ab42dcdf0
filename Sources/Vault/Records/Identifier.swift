public import Sodium

/// A random UUID (RFC 9562, version 4) of 16 bytes: what names a vault, a scope, a secret or a token.
public struct Identifier: Hashable, Sendable {
    /// The size in bytes.
    public static let byteCount = 16

    let high: UInt64
    let low: UInt64

    /// A fresh identifier.
    public init(random: RandomSource) {
        var bytes = random.bytes(Self.byteCount)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        self.init(bytes: bytes)!
    }

    /// The identifier stored as `bytes`; nil unless there are 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The identifier written as `text`, 8-4-4-4-12 hexadecimal digits in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let text = Array(text.utf8)
        guard text.count == 36 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var position = 0
        while position < text.count {
            if Self.isHyphen(position) {
                guard text[position] == UInt8(ascii: "-") else { return nil }
                position += 1
            } else {
                guard let first = Self.digit(text[position]), let second = Self.digit(text[position + 1]) else {
                    return nil
                }
                bytes.append(first << 4 | second)
                position += 2
            }
        }
        self.init(bytes: bytes)
    }

    /// The 16 bytes, as stored.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.append(self)
        return bytes
    }

    /// Whether the text form has a hyphen at `position`.
    private static func isHyphen(_ position: Int) -> Bool {
        position == 8 || position == 13 || position == 18 || position == 23
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Identifier: CustomStringConvertible {
    /// The text form, in lower case.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for byte in bytes {
                if Self.isHyphen(position) {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                text[position] = digits[Int(byte >> 4)]
                text[position + 1] = digits[Int(byte & 0x0f)]
                position += 2
            }
            return 36
        }
    }
}
