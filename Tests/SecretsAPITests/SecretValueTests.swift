import SecretsAPI
import Sodium
import Testing

@Suite struct SecretValueTests {
    private func fault(_ bytes: some Collection<UInt8>) -> FieldFault? {
        do {
            _ = try SecretValue(SecureBytes(copying: bytes), location: "body.value")
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "accepts 1 to 10,000 code points of any kind",
        arguments: [
            "x", " ", "\n", "\u{feff}", "\u{ffff}", "\u{10ffff}", "line\r\nline\n", "-----BEGIN KEY-----\n",
            String(repeating: "x", count: 10_000), String(repeating: "é", count: 10_000),
            String(repeating: "🔑", count: 10_000), String(repeating: "e\u{301}", count: 5_000),
            "👩" + String(repeating: "\u{200d}👩", count: 4_999),
        ])
    func good(value: String) throws {
        #expect(try SecretValue(value).array == Array(value.utf8))
    }

    @Test(
        "refuses more than 10,000 code points, whatever they look like",
        arguments: [
            String(repeating: "x", count: 10_001), String(repeating: "🔑", count: 10_001),
            String(repeating: "e\u{301}", count: 5_001), "x" + String(repeating: "\u{301}", count: 10_000),
            String(repeating: "x", count: 1_000_000),
        ])
    func tooLong(value: String) {
        #expect(fault(value.utf8) == FieldFault("body.value", "must be at most 10000 characters long"))
    }

    @Test("refuses an empty value")
    func empty() {
        #expect(fault([]) == FieldFault("body.value", "must not be empty"))
    }

    @Test("refuses NUL anywhere", arguments: ["\0", "\0value", "val\0ue", "value\0"])
    func nul(value: String) {
        #expect(fault(value.utf8) == FieldFault("body.value", "must not contain NUL"))
    }

    @Test(
        "refuses what is not UTF-8",
        arguments: [
            [0xff], [0x80], [0xc3], [0x78, 0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x9f, 0x94],
            // Overlong forms, a surrogate, beyond the last code point.
            [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        #expect(fault(bytes) == FieldFault("body.value", "must be UTF-8 text"))
    }

    @Test("every valid value fits into the greatest size in bytes")
    func sizes() {
        #expect(SecretValue.maximumLength == 10_000)
        #expect(SecretValue.maximumByteCount == String(repeating: "🔑", count: 10_000).utf8.count)
    }
}
