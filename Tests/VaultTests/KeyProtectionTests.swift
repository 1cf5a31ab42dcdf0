import Glibc
import Sodium
import Testing

@testable import Vault

/// Keys in memory, tried out in a child process, since the kernel ends who reads what is closed.
@Suite struct KeyProtectionTests {
    @Test("keys that are awake can be read through a pointer to them")
    func awake() async {
        await #expect(processExitsWith: .success) {
            let id = Identifier(random: .system)
            let keys = Unlocked(vault: id, rootKeys: RootKeys(SecretKey(random: .system)))
            keys.wake()
            let stray = keys.rootKeys.tokenSigning.withUnsafeBytes { $0 }
            let same = keys.rootKeys.tokenSigning.withUnsafeBytes { $0[0] == stray[0] }
            exit(same ? 0 : 1)
        }
    }

    @Test("keys at rest cannot be read, neither the root's nor a scope's", arguments: [true, false])
    func atRest(ofRoot: Bool) async {
        await #expect(processExitsWith: .signal(SIGSEGV)) { [ofRoot] in
            signal(SIGSEGV, SIG_DFL)
            let id = Identifier(random: .system)
            let keys = Unlocked(vault: id, rootKeys: RootKeys(SecretKey(random: .system)))
            let row = keys.newScope(id, ScopeDetails(name: "", createdAt: 1), sequence: 1, random: .system)
            keys.wake()
            let scope = try keys.scope(id, wrapped: row.wrappedKey)
            let stray =
                ofRoot
                ? keys.rootKeys.tokenSigning.withUnsafeBytes { $0 } : scope.valueSealing.withUnsafeBytes { $0 }
            guard stray.count == 32, stray.max() != nil else { exit(1) }
            keys.rest()
            let first = stray[0]
            withExtendedLifetime((keys, scope)) {}
            exit(first == 0 ? 1 : 0)
        }
    }

    @Test("keys that have rested work again, and can rest and wake as often as one likes")
    func wakingUp() throws {
        let id = Identifier(random: .system)
        let keys = Unlocked(vault: id, rootKeys: RootKeys(SecretKey(random: .system)))
        let details = ScopeDetails(name: "Name", createdAt: 1)
        let row = keys.newScope(id, details, sequence: 1, random: .system)
        for _ in 0..<3 {
            keys.rest()
            #expect(try keys.details(row) == details)
            keys.wake()
            keys.wake()
            #expect(try keys.details(row) == details)
        }
    }
}
