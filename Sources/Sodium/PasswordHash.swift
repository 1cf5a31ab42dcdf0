internal import CSodium

/// Argon2id (version 1.3, one lane), which turns a passphrase into a key at a cost that is chosen.
public enum PasswordHash {
    /// The size of a salt in bytes.
    public static let saltByteCount = 16

    /// What a derivation costs, within bounds on both sides.
    ///
    /// The bounds are checked before anything is derived, so that a forged header can neither weaken a vault nor hang
    /// the program that opens it (docs/format.md, "Key slots").
    public struct Cost: Sendable, Equatable {
        /// Passes over the memory.
        public let operations: UInt32
        /// Memory in bytes.
        public let memory: UInt64

        /// The passes that are accepted.
        public static let operationsBounds: ClosedRange<UInt32> = 2...16
        /// The memory that is accepted, in bytes: 19 MiB to 2 GiB.
        public static let memoryBounds: ClosedRange<UInt64> = (19 << 20)...(2 << 30)

        /// 3 passes over 256 MiB, libsodium's "moderate".
        public static let moderate = Cost(unchecked: 3, memory: 256 << 20)
        /// 2 passes over 19 MiB, the least that is accepted (OWASP's minimum): for what needs no protection against guessing, such
        /// as recovery codes, and for tests.
        public static let lowest = Cost(unchecked: 2, memory: 19 << 20)

        private init(unchecked operations: UInt32, memory: UInt64) {
            self.operations = operations
            self.memory = memory
        }

        /// Whether a guess costs less than at `other`, by the work that the passes over the memory are.
        public func isWeaker(than other: Cost) -> Bool {
            UInt64(operations) * memory < UInt64(other.operations) * other.memory
        }

        /// A cost within bounds. Throws ``PasswordHashError/costOutOfBounds`` for any other.
        public init(operations: Int64, memory: Int64) throws(PasswordHashError) {
            guard let passes = UInt32(exactly: operations), Self.operationsBounds.contains(passes),
                let bytes = UInt64(exactly: memory), Self.memoryBounds.contains(bytes)
            else { throw .costOutOfBounds }
            self.operations = passes
            self.memory = bytes
        }
    }

    /// The key that `passphrase` and `salt` (16 bytes) give at this cost.
    ///
    /// Takes a good part of a second and blocks its thread: call it on a queue of its own. Throws
    /// ``PasswordHashError/saltSize`` and, when the memory cannot be had, ``PasswordHashError/outOfMemory``.
    public static func deriveKey(
        from passphrase: borrowing SecureBytes,
        salt: [UInt8],
        cost: Cost
    ) throws(PasswordHashError) -> SecretKey {
        Library.start()
        guard salt.count == saltByteCount else { throw .saltSize }
        return try passphrase.withUnsafeBytes { passphrase throws(PasswordHashError) in
            try SecretKey { key throws(PasswordHashError) in
                let status = crypto_pwhash(
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self), UInt64(key.count),
                    passphrase.baseAddress!.assumingMemoryBound(to: CChar.self), UInt64(passphrase.count),
                    salt, UInt64(cost.operations), Int(cost.memory), crypto_pwhash_alg_argon2id13())
                guard status == 0 else { throw .outOfMemory }
            }
        }
    }
}

/// Why no key was derived.
public enum PasswordHashError: Error, Equatable {
    /// Passes or memory lie outside ``PasswordHash/Cost/operationsBounds`` or ``PasswordHash/Cost/memoryBounds``.
    case costOutOfBounds
    /// The salt is not 16 bytes long.
    case saltSize
    /// The memory that the cost asks for cannot be had on this machine.
    case outOfMemory
}
