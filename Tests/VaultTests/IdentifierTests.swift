import Sodium
import Testing

@testable import Vault

@Suite struct IdentifierTests {
    private let text = "0189abcd-ef01-4234-9678-9abcdef01234"

    @Test("is written in lower case and read in either")
    func reading() throws {
        let id = try #require(Identifier(text))
        #expect(id.description == text)
        #expect(Identifier(text.uppercased()) == id)
        #expect(Identifier("0189ABCD-ef01-4234-9678-9abcDEF01234") == id)
        #expect(Identifier(Substring(text)) == id)
    }

    @Test("has its bytes in the order of its digits")
    func bytes() throws {
        let id = try #require(Identifier(text))
        let bytes: [UInt8] = [1, 0x89, 0xab, 0xcd, 0xef, 1, 0x42, 0x34, 0x96, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34]
        #expect(id.bytes == bytes)
        #expect(Identifier(bytes: bytes) == id)
        #expect(Identifier(bytes: bytes.dropLast()) == nil)
        #expect(Identifier(bytes: bytes + [0]) == nil)
        #expect(Identifier(bytes: []) == nil)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "0189abcd-ef01-4234-9678-9abcdef0123", "0189abcd-ef01-4234-9678-9abcdef012345",
            "0189abcd-ef01-4234-9678-9abcdef01234\n", " 189abcd-ef01-4234-9678-9abcdef01234",
            "0189abcdef01423496789abcdef01234", "{0189abcd-ef01-4234-9678-9abcdef01234}",
            "0189abcd-ef01-4234-9678-9abcdef0123g", "0189abcd_ef01_4234_9678_9abcdef01234",
            "0189abcde-f01-4234-9678-9abcdef01234", "0189abcd-ef01-4234-9678-9abcdef0123\0",
            "0189abcd-ef01-4234-9678-9abcdef012é", "٠189abcd-ef01-4234-9678-9abcdef0123",
            "+189abcd-ef01-4234-9678-9abcdef01234",
            "------------------------------------", "0189abcd-ef01-4234-9678-9abcdef0123-",
        ])
    func junk(text: String) {
        #expect(Identifier(text) == nil)
    }

    @Test("a fresh one is a random UUID of version 4", arguments: [UInt8(0), 0xff, 0x5a])
    func version(filler: UInt8) {
        let id = Identifier(random: RandomSource { $0.copyBytes(from: repeatElement(filler, count: $0.count)) })
        #expect(id.bytes[6] >> 4 == 4)
        #expect(id.bytes[8] >> 6 == 0b10)
        #expect(id.bytes[0] == filler && id.bytes[15] == filler)
        #expect(Identifier(random: .system) != Identifier(random: .system))
    }
}
