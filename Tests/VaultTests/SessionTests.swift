import Sodium
import Testing

@testable import Vault

@Suite struct SessionTests {
    @Test("what the keyring holds reads as it was written")
    func roundTrip() {
        let key = SecretKey(random: .system)
        let session = Session(deadline: 0x0102_0304_0506_0708, idle: 0x090a_0b0c)
        let bytes = SessionKey.encode(key, session)
        #expect(bytes.count == 45)
        let isSame = bytes.withUnsafeBytes { bytes in
            guard let read = SessionKey.decode(bytes) else { return false }
            return read.session == session && read.rootKey.copyBytes().isEqual(to: key.copyBytes())
        }
        #expect(isSame)
    }

    @Test("what is too short, too long or of another version is no key of ours", arguments: [0, 1, 44, 46])
    func foreign(count: Int) {
        let bytes = [UInt8](repeating: 1, count: count)
        #expect(isForeign(bytes))
        #expect(isForeign([2] + [UInt8](repeating: 1, count: 44)))
    }

    private func isForeign(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            if case nil = SessionKey.decode(bytes) { true } else { false }
        }
    }

    @Test("it ends after its time, and before that when it was not used")
    func timeouts() throws {
        let session = Session(try #require(SessionLimits(total: 100, idle: 30)), now: 1000)
        #expect(session.timeout(at: 1000) == 30)
        #expect(session.timeout(at: 1069) == 30)
        #expect(session.timeout(at: 1090) == 10)
        #expect(session.timeout(at: 1100) == 0)
        #expect(session.timeout(at: 5000) == 0)
        #expect(session.remaining(at: 5000) == 0)
    }

    @Test("limits are a second to a year", arguments: [(0, 1), (1, 0), (-1, 1), (31_536_001, 1), (1, .max)])
    func limits(total: Int64, idle: Int64) {
        #expect(SessionLimits(total: total, idle: idle) == nil)
    }

    @Test(
        "the time that the kernel keeps a key is read as it tells it",
        arguments: [
            ("3e04e2f4 I--Q---     1   7s 3f010000     0     0 user      coffer:test: 45", 7),
            ("3e04e2f4 I--Q---     1  59m 3f010000     0     0 user      coffer:test: 45", 3540),
            ("3e04e2f4 I--Q---     1   2h 3f010000     0     0 user      coffer:test: 45", 7200),
            ("3e04e2f4 I--Q---     1   6d 3f010000     0     0 user      coffer:test: 45", 518_400),
            ("3e04e2f4 I--Q---     1   3w 3f010000     0     0 user      coffer:test: 45", 1_814_400),
            ("3e04e2f4 I--Q---     1 perm 3f010000     0     0 user      coffer:test: 45", nil),
            ("3e04e2f4 I--Q---     1 expd 3f010000     0     0 user      coffer:test: 45", nil),
            ("3e04e2f5 I--Q---     1  59m 3f010000     0     0 user      coffer:test: 45", nil),
            ("3e04e2f4 I--Q---     1  59m", nil), ("", nil),
        ] as [(String, Int64?)])
    func remaining(line: String, seconds: Int64?) {
        #expect(KeyTimeout.remaining(of: 0x3e04_e2f4, in: line) == seconds)
    }
}
