import Sodium
import Testing

/// Boxes whose content is padded, and the two ways of opening them.
@Suite struct SealedRecordTests {
    private let place = Array("place".utf8)

    private func box(of record: [UInt8], key: borrowing SecretKey) -> SealedBox {
        record.withUnsafeBytes { SealedBox.seal(record: $0, using: key, authenticating: place, random: .system) }
    }

    @Test("a record of any length opens either way, from a box that tells its length to 64 bytes", arguments: 0...130)
    func roundTrip(count: Int) throws {
        let key = SecretKey(random: .system)
        let record = (0..<count).map { $0.isMultiple(of: 2) ? 0x80 : UInt8(0) }
        let box = box(of: record, key: key)
        #expect(box.combined.count == SealedBox.overhead + (count / 64 + 1) * 64)
        #expect(try box.openRecord(using: key, authenticating: place).array == record)
        #expect(try box.withRecord(using: key, authenticating: place, Array.init) == record)
    }

    @Test("is sealed as its padded bytes would be")
    func padding() throws {
        let key = SecretKey(random: .system)
        let opened = try box(of: [1, 2], key: key).open(using: key, authenticating: place).array
        #expect(opened == [1, 2, 0x80] + [UInt8](repeating: 0, count: 61))
    }

    @Test("a box whose content has another padding is no record's", arguments: PaddingTests.wrong)
    func wrongPadding(what: String, content: [UInt8]) throws {
        let key = SecretKey(random: .system)
        let box = SealedBox.seal(
            SecureBytes(copying: content), using: key, authenticating: place, random: .system)
        #expect(throws: OpenFailure(), "\(what)") { _ = try box.openRecord(using: key, authenticating: place) }
        #expect(throws: OpenFailure(), "\(what)") { try box.withRecord(using: key, authenticating: place, Array.init) }
    }

    @Test("a record's box opens neither in another place, nor with another key, nor changed")
    func refusals() throws {
        let key = SecretKey(random: .system)
        let other = SecretKey(random: .system)
        let sealed = box(of: [1, 2, 3], key: key)
        var bytes = sealed.combined
        bytes[bytes.count / 2] ^= 1
        let changed = try #require(SealedBox(combined: bytes))
        #expect(throws: OpenFailure()) { _ = try sealed.openRecord(using: key, authenticating: []) }
        #expect(throws: OpenFailure()) { try sealed.withRecord(using: key, authenticating: [], Array.init) }
        #expect(throws: OpenFailure()) { _ = try sealed.openRecord(using: other, authenticating: place) }
        #expect(throws: OpenFailure()) { try sealed.withRecord(using: other, authenticating: place, Array.init) }
        #expect(throws: OpenFailure()) { _ = try changed.openRecord(using: key, authenticating: place) }
        #expect(throws: OpenFailure()) { try changed.withRecord(using: key, authenticating: place, Array.init) }
    }

    @Test("what the reader of a record throws is passed on")
    func throwingReader() {
        struct Refusal: Error {}
        let key = SecretKey(random: .system)
        let sealed = box(of: [1], key: key)
        #expect(throws: Refusal.self) {
            try sealed.withRecord(using: key, authenticating: place) { _ in throw Refusal() }
        }
    }
}
