import Sodium
import Testing

/// Keys, their subkeys, tags under them, and digests without any.
@Suite struct KeyTests {
    @Test("a key has 32 bytes, no more and no fewer", arguments: [0, 16, 31, 33, 64])
    func size(count: Int) {
        let key = SecretKey(SecureBytes(copying: [UInt8](repeating: 1, count: count)))
        let refused = key == nil
        #expect(refused)
    }

    @Test("a key copied to be wrapped has the same bytes")
    func copyBytes() {
        #expect(SecretKey.counting(from: 3).copyBytes().array == Array(3..<35))
    }

    // Python: hashlib.blake2b(b"", digest_size=32, key=bytes(range(32)), salt=n.to_bytes(8, "little") + bytes(8),
    // person=b"coffer__" + bytes(8)).hexdigest(), which is how libsodium documents crypto_kdf.
    @Test(
        "a subkey is BLAKE2b of its number under the key",
        arguments: [
            (1, "98e2e93aafa359b4380d7e404cc8684a24fcc0a071824ff659bff1d3118a0154"),
            (7, "35c8c80092f4f8794529b36b3086f6188d2d01adae2fe9bd1f76b140f81f2ae3"),
            (8, "56c666d5d82015b44f26f0b48de6a4e5ddc9d8e9ea01cfb1ea165018a4eafd57"),
        ])
    func subkey(number: Int, expected: String) {
        #expect(Subkeys(8, of: .counting(from: 0))[number].array.hex == expected)
    }

    // Python: hashlib.blake2b(message, digest_size=32, key=bytes(range(32))).hexdigest()
    @Test(
        "a tag is BLAKE2b of the message under the key",
        arguments: [
            ("GITHUB_TOKEN", "926276a6090abcd1efc213c73de6ae0442c1f9090306879ab7612a4730922aa6"),
            ("", "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d"),
        ])
    func tag(message: String, expected: String) {
        let tag = KeyedHash.tag(of: message.utf8, using: .counting(from: 0))
        #expect(tag.hex == expected)
        #expect(tag.count == KeyedHash.byteCount)
        let inPlace = Array(message.utf8).withUnsafeBytes { KeyedHash.tag(of: $0, using: .counting(from: 0)) }
        #expect(inPlace == tag)
    }

    // Python: hashlib.blake2b(message, digest_size=32).hexdigest()
    @Test(
        "a digest is BLAKE2b of the message alone",
        arguments: [
            ("GITHUB_TOKEN", "76264a9351066f1ccfe2fc44bdcdffcb3297ff77eab20628504152d2b5496a8b"),
            ("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
        ])
    func digest(message: String, expected: String) {
        #expect(Digest.of(message.utf8).hex == expected)
        #expect(Digest.of(message.utf8).count == Digest.byteCount)
    }

    @Test("the same message has another tag under another key")
    func otherKey() {
        let message = "GITHUB_TOKEN".utf8
        let tag = KeyedHash.tag(of: message, using: .counting(from: 0))
        #expect(KeyedHash.tag(of: message, using: .counting(from: 1)) != tag)
    }
}
