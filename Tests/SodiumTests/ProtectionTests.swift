import Glibc
import Sodium
import Testing

/// Page protection, tried out in a child process, since the kernel ends who breaks it.
@Suite struct ProtectionTests {
    @Test("an idle secret cannot be read, even through a pointer to it")
    func idleReading() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            signal(SIGSEGV, SIG_DFL)
            let secret = SecureBytes("secret")
            let stray = secret.withUnsafeBytes { $0 }
            let first = stray[0]
            _ = consume secret
            exit(first == 0 ? 1 : 0)
        }
    }

    @Test("a secret that was just written cannot be read before it is lent")
    func readingAfterWriting() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            signal(SIGSEGV, SIG_DFL)
            var stray: UnsafeMutableRawBufferPointer?
            let secret = SecureBytes(count: 6) { buffer in
                buffer.copyBytes(from: "secret".utf8)
                stray = buffer
            }
            let first = stray![0]
            _ = consume secret
            exit(first == 0 ? 1 : 0)
        }
    }

    @Test("a lent secret can be read")
    func lentReading() async {
        await #expect(processExitsWith: .success) {
            let secret = SecureBytes("secret")
            let first = secret.withUnsafeBytes { $0[0] }
            exit(first == UInt8(ascii: "s") ? 0 : 1)
        }
    }

    @Test("keys that were opened for reading are closed by the last who ends it")
    func repeatedReading() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            signal(SIGSEGV, SIG_DFL)
            let keys = Subkeys(2, of: SecretKey(random: .system))
            keys.beginReading()
            keys.beginReading()
            let stray = keys[2].withUnsafeBytes { $0 }
            keys.endReading()
            guard stray[0] == keys[2].withUnsafeBytes({ $0[0] }) else { exit(1) }
            keys.endReading()
            let first = stray[0]
            _ = consume keys
            exit(first == 0 ? 1 : 0)
        }
    }

    @Test("a lent secret cannot be overwritten")
    func lentWriting() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            signal(SIGSEGV, SIG_DFL)
            let secret = SecureBytes("secret")
            secret.withUnsafeBytes { UnsafeMutableRawBufferPointer(mutating: $0)[0] = 0 }
            _ = consume secret
            exit(0)
        }
    }

    @Test("reading beyond the end of a secret's pages faults")
    func readingBeyond() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) {
            signal(SIGSEGV, SIG_DFL)
            let secret = SecureBytes("secret")
            let next = secret.withUnsafeBytes { $0.baseAddress!.load(fromByteOffset: $0.count, as: UInt8.self) }
            _ = consume secret
            exit(next == 0 ? 1 : 0)
        }
    }
}
