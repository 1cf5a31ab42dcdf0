import Sodium
import Testing

@Suite struct PasswordHashTests {
    private static let salt = [UInt8](0..<16)
    private let passphrase = "correct horse battery staple"

    @Test("accepts a cost on either bound", arguments: [(2, 19 << 20), (16, 2 << 30)] as [(Int64, Int64)])
    func accepted(operations: Int64, memory: Int64) throws {
        let cost = try PasswordHash.Cost(operations: operations, memory: memory)
        #expect(cost.operations == operations)
        #expect(cost.memory == memory)
    }

    @Test(
        "refuses a cost beyond either bound",
        arguments: [
            (1, 19 << 20), (17, 19 << 20), (0, 19 << 20), (-2, 19 << 20), (1 << 32 + 2, 19 << 20), (.max, 19 << 20),
            (2, 19 << 20 - 1), (2, 2 << 30 + 1), (2, 0), (2, -(19 << 20)), (2, .max), (2, .min),
        ] as [(Int64, Int64)])
    func refused(operations: Int64, memory: Int64) {
        #expect(throws: PasswordHashError.costOutOfBounds) {
            try PasswordHash.Cost(operations: operations, memory: memory)
        }
    }

    @Test("the costs that have names lie within the bounds")
    func namedCosts() throws {
        #expect(PasswordHash.Cost.lowest == (try PasswordHash.Cost(operations: 2, memory: 19_922_944)))
        #expect(PasswordHash.Cost.moderate == (try PasswordHash.Cost(operations: 3, memory: 268_435_456)))
    }

    // Computed with the reference implementation, through argon2-cffi 25.1 for Python:
    // hash_secret_raw(passphrase, bytes(range(16)), passes, KiB, 1, 32, Type.ID, 19).hex()
    @Test(
        "derives what the reference implementation of Argon2id does",
        arguments: [
            ("correct horse battery staple", 2, 19, "818259b6310026a8e0dbac5d2e6927abcfdb07b32258fac4f61b18b80f929085"),
            ("correct horse battery staple", 3, 20, "ff4b7fe142bcd3408565d61ae7714ae665cfd10553d6c36e9f0ff276860259a3"),
            ("", 2, 19, "31548c3f7ac123313b17ce8558728d7a646713a864818d8ed9bb99771b7b1a4c"),
        ] as [(String, Int64, Int64, String)])
    func knownAnswer(passphrase: String, operations: Int64, mebibytes: Int64, expected: String) throws {
        let cost = try PasswordHash.Cost(operations: operations, memory: mebibytes << 20)
        let key = try PasswordHash.deriveKey(from: SecureBytes(passphrase), salt: Self.salt, cost: cost)
        #expect(key.array.hex == expected)
    }

    @Test("another salt or another passphrase gives another key")
    func differences() throws {
        let salts = [Self.salt, Self.salt.reversed(), Self.salt]
        let keys = try zip(salts, [passphrase, passphrase, passphrase + "\n"]).map { salt, passphrase in
            try PasswordHash.deriveKey(from: SecureBytes(passphrase), salt: salt, cost: .lowest).array
        }
        #expect(Set(keys).count == 3)
    }

    @Test("refuses a salt of another size", arguments: [0, 15, 17, 32])
    func saltSize(count: Int) {
        #expect(throws: PasswordHashError.saltSize) {
            _ = try PasswordHash.deriveKey(
                from: SecureBytes(passphrase), salt: [UInt8](repeating: 1, count: count), cost: .lowest)
        }
    }
}
