import Sodium
import Testing

@Suite struct SecureBufferTests {
    @Test("keeps its content while it grows, byte by byte")
    func growthByBytes() {
        var buffer = SecureBuffer(capacity: 0)
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for byte in bytes { buffer.append(byte) }
        #expect(buffer.count == bytes.count)
        #expect(buffer.finish().array == bytes)
    }

    @Test("takes bytes from anywhere, in order")
    func sources() {
        var buffer = SecureBuffer(capacity: 1)
        buffer.append(UInt8(ascii: "a"))
        buffer.append("bc".utf8)
        buffer.append(SecureBytes("de"))
        [UInt8]("fg".utf8).withUnsafeBytes { buffer.append($0) }
        buffer.append(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(buffer.finish().array == Array("abcdefg".utf8))
    }

    @Test("lets a reader write behind what is there, as much as it says it did")
    func writingInPlace() {
        var buffer = SecureBuffer(capacity: 4)
        buffer.append("ab".utf8)
        let written = buffer.append(atMost: 1000) { room in
            #expect(room.count == 1000)
            room.copyBytes(from: "cd".utf8)
            return 2
        }
        #expect(written == 2)
        let end = buffer.append(atMost: 1000) { _ in 0 }
        #expect(end == 0)
        #expect(buffer.finish().array == Array("abcd".utf8))
    }

    @Test("shows what it holds so far")
    func reading() {
        var buffer = SecureBuffer(capacity: 8)
        buffer.append("abc".utf8)
        let text = buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        #expect(text == "abc")
    }

    @Test("forgets the bytes behind the new end and goes on from there")
    func truncation() {
        var buffer = SecureBuffer(capacity: 8)
        buffer.append("abcdef".utf8)
        buffer.truncate(to: 2)
        buffer.append("X".utf8)
        #expect(buffer.count == 3)
        #expect(buffer.finish().array == Array("abX".utf8))
    }

    @Test("finished empty, is an empty secret")
    func empty() {
        let secret = SecureBuffer(capacity: 100).finish()
        #expect(secret.count == 0)
        #expect(secret.array == [])
    }
}
