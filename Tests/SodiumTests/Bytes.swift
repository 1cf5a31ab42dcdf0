import Sodium

/// What the tests of this target share: short ways to write bytes down and to look at them.
extension SecureBytes {
    /// The UTF-8 of `text`.
    init(_ text: String) {
        self.init(copying: text.utf8)
    }

    /// A copy on the ordinary heap, which only a test may make.
    var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension SecretKey {
    /// The key whose bytes count up from `first`, as published vectors have it.
    static func counting(from first: UInt8) -> SecretKey {
        SecretKey(SecureBytes(copying: first..<first + 32))!
    }

    /// A copy on the ordinary heap, which only a test may make.
    var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension RandomSource {
    /// A source of known answers: each buffer is filled from the first of `bytes` on.
    static func fixed(_ bytes: some Collection<UInt8> & Sendable) -> RandomSource {
        RandomSource { $0.copyBytes(from: bytes.prefix($0.count)) }
    }
}

extension Collection<UInt8> {
    /// The bytes as lower-case hexadecimal digits.
    var hex: String {
        map { String($0 >> 4, radix: 16) + String($0 & 0x0f, radix: 16) }.joined()
    }
}
