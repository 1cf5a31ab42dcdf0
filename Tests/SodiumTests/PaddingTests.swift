import Testing

@testable import Sodium

@Suite struct PaddingTests {
    private func padded(_ content: [UInt8]) -> [UInt8] {
        var bytes = content + [UInt8](repeating: 0xff, count: Padding.paddedCount(content.count) - content.count)
        bytes.withUnsafeMutableBytes { Padding.pad($0, contentCount: content.count) }
        return bytes
    }

    @Test("content of any length can be told from its padding, in blocks of 64 bytes", arguments: 0...130)
    func roundTrip(count: Int) throws {
        // 0x80 and 0 in the content are what padding is made of.
        let content = (0..<count).map { $0.isMultiple(of: 2) ? 0x80 : UInt8(0) }
        let bytes = padded(content)
        #expect(bytes.count == (count / 64 + 1) * 64)
        #expect(bytes.starts(with: content))
        #expect(try bytes.withUnsafeBytes(Padding.contentCount) == count)
    }

    @Test("padding is one byte 0x80, then zeros")
    func bytes() {
        #expect(padded([1, 2]) == [1, 2, 0x80] + [UInt8](repeating: 0, count: 61))
        #expect(padded([UInt8](repeating: 1, count: 63)) == [UInt8](repeating: 1, count: 63) + [0x80])
        #expect(padded([UInt8](repeating: 1, count: 64)).suffix(64) == [0x80] + [UInt8](repeating: 0, count: 63))
    }

    static let wrong: [(String, [UInt8])] = [
        ("nothing at all", []),
        ("less than a block", [0x80] + [UInt8](repeating: 0, count: 62)),
        ("more than a block", [0x80] + [UInt8](repeating: 0, count: 64)),
        ("zeros alone", [UInt8](repeating: 0, count: 64)),
        ("no padding", [UInt8](repeating: 0x41, count: 64)),
        ("something else behind the zeros", [0x80] + [UInt8](repeating: 0, count: 62) + [1]),
        ("something else before the zeros", [0x80, 0x81] + [UInt8](repeating: 0, count: 62)),
        ("a block of zeros too many", [0x80] + [UInt8](repeating: 0, count: 127)),
    ]

    @Test("other padding is refused", arguments: wrong)
    func refusal(what: String, bytes: [UInt8]) {
        #expect(throws: PaddingError.self, "\(what)") { try bytes.withUnsafeBytes(Padding.contentCount) }
    }
}
