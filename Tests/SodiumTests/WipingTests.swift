import Sodium
import TestSupport
import Testing

/// What is left of a secret in this process's memory: counted while it lives, as a control, and afterwards.
///
/// Each test in a process of its own: less to search, and nobody else's searches to find there.
@Suite struct WipingTests {
    @Test("secret bytes stand in memory once, and nowhere after their release")
    func release() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            let secret = SecureBytes(copying: canary.bytes)
            #expect(canary.occurrences() == 1)
            let lent = secret.withUnsafeBytes { _ in canary.occurrences() }
            #expect(lent == 1)
            _ = consume secret
            #expect(canary.occurrences() == 0)
        }
    }

    @Test("a copy is a second one, and wiped as the first")
    func copies() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            let secret = SecureBytes(copying: canary.bytes)
            let copy = secret.copy()
            #expect(canary.occurrences() == 2)
            _ = consume secret
            #expect(canary.occurrences() == 1)
            _ = consume copy
            #expect(canary.occurrences() == 0)
        }
    }

    @Test("bytes whose writing failed half-way are wiped")
    func failedWriting() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            struct HalfWay: Error {}
            #expect(throws: HalfWay.self) {
                _ = try SecureBytes(count: canary.bytes.count) { (buffer) throws(HalfWay) in
                    buffer.copyMemory(from: canary.bytes)
                    throw HalfWay()
                }
            }
            #expect(canary.occurrences() == 0)
        }
    }

    @Test("a buffer that grows leaves nothing behind")
    func growth() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            var buffer = SecureBuffer(capacity: canary.bytes.count)
            buffer.append(canary.bytes)
            for _ in 0..<5000 { buffer.append(0) }
            #expect(canary.occurrences() == 1)
            let finished = buffer.finish()
            #expect(canary.occurrences() == 1)
            _ = consume finished
            #expect(canary.occurrences() == 0)
        }
    }

    @Test("a buffer that is given up is wiped, and so is what it forgets")
    func abandonedBuffer() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            var buffer = SecureBuffer(capacity: 256)
            buffer.append(canary.bytes)
            buffer.append(canary.bytes)
            #expect(canary.occurrences() == 2)
            buffer.truncate(to: canary.bytes.count)
            #expect(canary.occurrences() == 1)
            _ = consume buffer
            #expect(canary.occurrences() == 0)
        }
    }

    // Many copies, because the search itself reuses some of the memory that it is to find them in; few enough for the
    // stack, or too many for it.
    @Test("a record is in memory while it is lent, and sealing it leaves nothing behind", arguments: [1, 15, 600])
    func records(copies: Int) async {
        await #expect(processExitsWith: .success) { [copies] in
            let canary = Canary()
            let key = SecretKey(random: .system)
            var buffer = SecureBuffer(capacity: copies * canary.bytes.count)
            for _ in 0..<copies { buffer.append(canary.bytes) }
            let box = buffer.withUnsafeBytes {
                SealedBox.seal(record: $0, using: key, authenticating: [], random: .system)
            }
            _ = consume buffer
            #expect(canary.occurrences() == 0)
            let lent = try box.withRecord(using: key, authenticating: []) { _ in canary.occurrences() }
            #expect(lent == copies)
            #expect(canary.occurrences() == 0)
            let opened = try box.openRecord(using: key, authenticating: [])
            #expect(canary.occurrences() == copies)
            _ = consume opened
            #expect(canary.occurrences() == 0)
        }
    }

    @Test("sealing and opening leave nothing behind but what they return")
    func sealing() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            let key = SecretKey(random: .system)
            let secret = SecureBytes(copying: canary.bytes)
            let box = SealedBox.seal(secret, using: key, authenticating: [], random: .system)
            #expect(canary.occurrences() == 1)
            _ = consume secret
            #expect(canary.occurrences() == 0)
            let opened = try box.open(using: key, authenticating: [])
            #expect(canary.occurrences() == 1)
            _ = consume opened
            #expect(canary.occurrences() == 0)
        }
    }
}
