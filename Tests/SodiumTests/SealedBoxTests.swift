import Sodium
import Testing

@Suite struct SealedBoxTests {
    private let place = Array("place".utf8)

    private func box(of text: String, key: borrowing SecretKey) -> SealedBox {
        SealedBox.seal(SecureBytes(text), using: key, authenticating: place, random: .system)
    }

    @Test("a box opens to what was sealed", arguments: ["", "s", "secret", String(repeating: "🔑", count: 10_000)])
    func roundTrip(text: String) throws {
        let key = SecretKey(random: .system)
        let sealed = box(of: text, key: key)
        #expect(sealed.combined.count == text.utf8.count + SealedBox.overhead)
        let stored = try #require(SealedBox(combined: sealed.combined))
        #expect(stored == sealed)
        #expect(try stored.open(using: key, authenticating: place).array == Array(text.utf8))
    }

    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    @Test("seals as the published vector of XChaCha20-Poly1305 does")
    func knownAnswer() {
        let sunscreen = """
            Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen \
            would be it.
            """
        let box = SealedBox.seal(
            SecureBytes(sunscreen), using: .counting(from: 0x80),
            authenticating: [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7],
            random: .fixed(0x40..<0x58))
        #expect(box.combined.prefix(24).hex == "404142434445464748494a4b4c4d4e4f5051525354555657")
        #expect(
            box.combined.dropFirst(24).dropLast(16).hex == """
                bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
                ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                21f9664c97637da9768812f615c68b13b52e
                """)
        #expect(box.combined.suffix(16).hex == "c0875924c1c7987947deafd8780acf49")
    }

    @Test("a box with any byte changed does not open")
    func changedBytes() throws {
        let key = SecretKey(random: .system)
        let combined = box(of: "secret", key: key).combined
        for index in combined.indices {
            var changed = combined
            changed[index] ^= 1 << UInt8(index % 8)
            let box = try #require(SealedBox(combined: changed))
            #expect(throws: OpenFailure(), "byte \(index)") { _ = try box.open(using: key, authenticating: place) }
        }
    }

    @Test("a box that was cut or lengthened does not open")
    func changedLength() throws {
        let key = SecretKey(random: .system)
        let combined = box(of: "secret", key: key).combined
        for changed in [combined.dropLast(), combined.dropFirst(), combined + [0]] as [ArraySlice<UInt8>] {
            let box = try #require(SealedBox(combined: Array(changed)))
            #expect(throws: OpenFailure()) { _ = try box.open(using: key, authenticating: place) }
        }
    }

    @Test("a box does not open in another place", arguments: ["", "plac", "place ", "Place"])
    func otherAssociatedData(other: String) {
        let key = SecretKey(random: .system)
        let sealed = box(of: "secret", key: key)
        #expect(throws: OpenFailure()) { _ = try sealed.open(using: key, authenticating: Array(other.utf8)) }
    }

    @Test("a box does not open with another key")
    func otherKey() {
        let sealed = box(of: "secret", key: SecretKey(random: .system))
        #expect(throws: OpenFailure()) {
            _ = try sealed.open(using: SecretKey(random: .system), authenticating: place)
        }
    }

    @Test("fewer bytes than nonce and tag are no box")
    func tooShort() {
        #expect(SealedBox(combined: []) == nil)
        #expect(SealedBox(combined: [UInt8](repeating: 0, count: 39)) == nil)
        #expect(SealedBox(combined: [UInt8](repeating: 0, count: 40)) != nil)
    }

    @Test("the same secret sealed twice gives boxes with nothing in common")
    func freshNonces() {
        let key = SecretKey(random: .system)
        let boxes = (0..<50).map { _ in box(of: "secret", key: key).combined }
        #expect(Set(boxes.map { $0.prefix(SealedBox.nonceByteCount) }).count == 50)
        #expect(Set(boxes.map { $0.dropFirst(SealedBox.nonceByteCount) }).count == 50)
    }
}
