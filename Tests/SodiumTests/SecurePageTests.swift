import Sodium
import TestSupport
import Testing

/// Pages that one secret leaves to the next.
@Suite struct SecurePageTests {
    @Test("a page is used again, and holds zeros then")
    func reuse() async {
        // In a process of its own, so that nobody else takes the page.
        await #expect(processExitsWith: .success) {
            let first = SecureBytes("a secret")
            let address = first.withUnsafeBytes { $0.baseAddress }
            _ = consume first
            var found: [UInt8] = []
            var next: UnsafeRawPointer?
            let second = SecureBytes(count: 8) { buffer in
                found = Array(buffer)
                next = UnsafeRawPointer(buffer.baseAddress)
                buffer.copyBytes(from: "b secret".utf8)
            }
            #expect(next == address)
            #expect(found == [UInt8](repeating: 0, count: 8))
            let kept = second.array
            #expect(kept == Array("b secret".utf8))
        }
    }

    @Test("a page whose secret was not written to its end is used again without it")
    func failure() async {
        await #expect(processExitsWith: .success) {
            struct HalfWay: Error {}
            let canary = Canary()
            #expect(throws: HalfWay.self) {
                _ = try SecureBytes(count: canary.bytes.count) { (buffer) throws(HalfWay) in
                    buffer.copyMemory(from: canary.bytes)
                    throw HalfWay()
                }
            }
            let next = SecureBytes(count: canary.bytes.count) { _ in }
            let found = next.array
            #expect(found == [UInt8](repeating: 0, count: canary.bytes.count))
        }
    }

    @Test("secrets of every size keep their bytes beside each other", arguments: [0, 1, 32, 4079, 4080, 4081, 9000])
    func sizes(count: Int) {
        let left = SecureBytes(copying: [UInt8](repeating: 1, count: count))
        let right = SecureBytes(copying: [UInt8](repeating: 2, count: count))
        let (first, second) = (left.array, right.array)
        #expect(first == [UInt8](repeating: 1, count: count))
        #expect(second == [UInt8](repeating: 2, count: count))
    }

    @Test("more secrets than pages are kept can be held, and are wiped")
    func many() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            var held: [SharedSecureBytes] = (0..<200).map { _ in SharedSecureBytes(SecureBytes(copying: canary.bytes)) }
            #expect(canary.occurrences() == 200)
            held.removeLast(150)
            #expect(canary.occurrences() == 50)
            held = []
            #expect(canary.occurrences() == 0)
        }
    }
}
