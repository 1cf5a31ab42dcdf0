import Testing

@testable import Vault

/// The bytes of records before they are sealed, as docs/format.md has them, and how strictly they are read.
@Suite struct RecordTests {
    private static let id = Identifier("0189abcd-ef01-4234-9678-9abcdef01234")!

    private static let metadata = SecretMetadata(
        id: id, scope: id, name: "API_KEY", mask: "abc•", defaultAvailable: true, createdByAgent: false,
        createdAt: 0x0102, updatedAt: -1)
    private static let metadataBytes: [UInt8] =
        [1, 0b01, 0, 0, 0, 0, 0, 0, 1, 2] + [UInt8](repeating: 0xff, count: 8) + [7] + Array("API_KEY".utf8)
        + [6] + Array("abc•".utf8)

    private static let details: ScopeDetails = {
        var details = ScopeDetails(name: "ä", settings: "# b", tags: ["c", ""], createdAt: 3)
        details.updatedAt = 4
        return details
    }()
    private static let detailsBytes: [UInt8] =
        [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 2, 0xc3, 0xa4, 0, 0, 0, 3] + Array("# b".utf8)
        + [2, 1, UInt8(ascii: "c"), 0]

    private static let token = TokenDetails(
        kind: .apiKey, access: .read, name: "ci", projects: [id], createdAt: 5, expiresAt: 6, lastUsedAt: 7,
        revokedAt: 8)
    private static let tokenBytes: [UInt8] =
        [
            1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0,
            8, 0, 2,
        ] + Array("ci".utf8) + [0, 1] + id.bytes

    private static func readMetadata(_ bytes: [UInt8]) throws -> SecretMetadata {
        try bytes.withUnsafeBytes { try SecretMetadata(decoding: $0, id: id, scope: id) }
    }

    private static func readDetails(_ bytes: [UInt8]) throws -> ScopeDetails {
        try bytes.withUnsafeBytes { try ScopeDetails(decoding: $0) }
    }

    private static func readToken(_ bytes: [UInt8]) throws -> TokenDetails {
        try bytes.withUnsafeBytes { try TokenDetails(decoding: $0) }
    }

    @Test("each record has the bytes that the format gives it")
    func encoding() {
        #expect(Self.metadata.encoded() == Self.metadataBytes)
        #expect(Self.details.encoded() == Self.detailsBytes)
        #expect(Self.token.encoded() == Self.tokenBytes)
    }

    @Test("each record reads as what was written")
    func decoding() throws {
        #expect(try Self.readMetadata(Self.metadataBytes) == Self.metadata)
        #expect(try Self.readDetails(Self.detailsBytes) == Self.details)
        #expect(try Self.readToken(Self.tokenBytes) == Self.token)
    }

    private static let records: [(String, [UInt8], @Sendable ([UInt8]) throws -> Void)] = [
        ("metadata", metadataBytes, { _ = try readMetadata($0) }),
        ("scope details", detailsBytes, { _ = try readDetails($0) }),
        ("token details", tokenBytes, { _ = try readToken($0) }),
    ]

    @Test("a record cut at any place is refused, and so is one with a byte left over")
    func length() throws {
        for (name, bytes, read) in Self.records {
            try read(bytes)
            for count in 0..<bytes.count {
                #expect(throws: RecordError.self, "\(name) of \(count) bytes") { try read(Array(bytes.prefix(count))) }
            }
            for extra in [UInt8(0), 1, 0x80] {
                #expect(throws: RecordError.self, "\(name) and \(extra)") { try read(bytes + [extra]) }
            }
        }
    }

    @Test("a record of another version is refused", arguments: [UInt8(0), 2, 255])
    func version(version: UInt8) {
        for (name, bytes, read) in Self.records {
            #expect(throws: RecordError.self, "\(name)") { try read([version] + bytes.dropFirst()) }
        }
    }

    @Test("a flag that the format does not know is refused", arguments: 2..<8)
    func unknownFlag(bit: Int) {
        var bytes = Self.metadataBytes
        bytes[1] |= 1 << UInt8(bit)
        #expect(throws: RecordError.self) { try Self.readMetadata(bytes) }
    }

    @Test("a kind or an access that the format does not know is refused", arguments: [UInt8(0), 3, 255])
    func unknownKind(code: UInt8) {
        for index in 1...2 {
            var bytes = Self.tokenBytes
            bytes[index] = code
            #expect(throws: RecordError.self) { try Self.readToken(bytes) }
        }
    }

    @Test("text that is not UTF-8 is refused")
    func text() {
        for (name, bytes, read) in Self.records {
            // The last letter of the first text: a lone lead byte then.
            let end = name == "metadata" ? 25 : name == "scope details" ? 20 : 38
            var bytes = bytes
            bytes[end] = 0xc3
            #expect(throws: RecordError.self, "\(name)") { try read(bytes) }
        }
    }

    @Test("the longest texts that the rules allow come back")
    func longest() throws {
        let widest = "\u{10ffff}"
        let name = String(repeating: "N", count: 128)
        let mask = String(repeating: widest, count: 7) + String(repeating: "•", count: 8)
        let metadata = SecretMetadata(
            id: Self.id, scope: Self.id, name: name, mask: mask, defaultAvailable: false, createdByAgent: true,
            createdAt: .min, updatedAt: .max)
        #expect(try Self.readMetadata(metadata.encoded()) == metadata)
        let details = ScopeDetails(
            name: String(repeating: widest, count: 128), settings: String(repeating: widest, count: 100_000),
            tags: (0..<20).map { _ in String(repeating: widest, count: 32) }, createdAt: 0)
        #expect(try Self.readDetails(details.encoded()) == details)
        let token = TokenDetails(
            kind: .jwt, access: .read, name: String(repeating: widest, count: 64),
            projects: [Identifier](repeating: Self.id, count: Int(UInt16.max)), createdAt: 0, expiresAt: 0)
        #expect(try Self.readToken(token.encoded()) == token)
    }
}
