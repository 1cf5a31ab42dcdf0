import Testing

@testable import Sodium

@Suite struct SecureBytesTests {
    @Test("holds the bytes it was given", arguments: [0, 1, 63, 64, 4096, 40_000])
    func content(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let secret = SecureBytes(copying: bytes)
        #expect(secret.count == count)
        #expect(secret.array == bytes)
    }

    @Test("lends the same bytes again, and to a reader within a reader")
    func nestedReaders() {
        let secret = SecureBytes("secret")
        let text = secret.withUnsafeBytes { outer in
            let inner = secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
            // The inner reader has gone; the outer one must not find the pages closed.
            return inner + String(decoding: outer, as: UTF8.self)
        }
        #expect(text == "secretsecret")
        #expect(secret.array == Array("secret".utf8))
    }

    @Test("lends to many readers at once")
    func concurrentReaders() async {
        final class Shared: Sendable { let secret = SecureBytes(copying: 0..<200) }
        let shared = Shared()
        let expected = (0..<200).reduce(0, +)
        let right = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<500).count { _ in
                        shared.secret.withUnsafeBytes { $0.reduce(0) { $0 + Int($1) } } == expected
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(right == 8 * 500)
    }

    @Test("a copy holds the same bytes, elsewhere")
    func copies() {
        let secret = SecureBytes("secret")
        let copy = secret.copy()
        let equal = copy.isEqual(to: secret)
        #expect(equal)
        let apart = secret.withUnsafeBytes { left in copy.withUnsafeBytes { left.baseAddress != $0.baseAddress } }
        #expect(apart)
    }

    @Test("is equal to the same bytes alone")
    func equality() {
        func equal(_ left: String, _ right: String) -> Bool { SecureBytes(left).isEqual(to: SecureBytes(right)) }
        #expect(equal("secret", "secret"))
        #expect(equal("", ""))
        for other in ["secreT", "Secret", "secre", "secrets", ""] { #expect(!equal("secret", other)) }
    }

    @Test("forgets the bytes behind the new end", arguments: [0, 3, 6])
    func truncation(count: Int) {
        var secret = SecureBytes("secret")
        secret.truncate(to: count)
        #expect(secret.count == count)
        #expect(secret.array == Array("secret".utf8.prefix(count)))
        let equal = secret.isEqual(to: SecureBytes(String("secret".prefix(count))))
        #expect(equal)
    }

    @Test("passes on what the reader throws, and can be read again")
    func throwingReader() {
        struct Refusal: Error {}
        let secret = SecureBytes("secret")
        #expect(throws: Refusal.self) {
            try secret.withUnsafeBytes { (_) throws(Refusal) in throw Refusal() }
        }
        #expect(secret.array == Array("secret".utf8))
    }
}
