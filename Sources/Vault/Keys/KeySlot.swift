public import Sodium

/// The root key, wrapped under a key that a passphrase gives (docs/format.md, "Key slots").
public struct KeySlot: Sendable, Equatable {
    /// What opens a slot.
    public enum Kind: String, Sendable {
        /// A passphrase that a person knows.
        case passphrase
        /// A recovery code that lies in a safe.
        case recovery

        /// The kind's number in associated data.
        var code: UInt8 {
            switch self {
            case .passphrase: 1
            case .recovery: 2
            }
        }
    }

    /// The greatest number of slots, so that forged ones cannot keep the program deriving for ever.
    static let maximumCount = 16
    /// The size of a wrapped root key in bytes.
    static let wrappedByteCount = SecretKey.byteCount + SealedBox.overhead

    /// The slot's number, 1 for the first.
    public let number: Int64
    /// What opens it.
    public let kind: Kind
    /// What a derivation costs, within bounds by construction.
    public let cost: PasswordHash.Cost
    /// The salt, 16 bytes.
    let salt: [UInt8]
    /// The root key, sealed under the wrapping key: 72 bytes.
    private(set) var wrappedRootKey: [UInt8]

    /// A slot as it was stored.
    init(number: Int64, kind: Kind, cost: PasswordHash.Cost, salt: [UInt8], wrappedRootKey: [UInt8]) {
        self.number = number
        self.kind = kind
        self.cost = cost
        self.salt = salt
        self.wrappedRootKey = wrappedRootKey
    }

    /// Wraps `rootKey` under `passphrase` in a new slot.
    ///
    /// Derives a key: slow by design, on the caller's thread. Throws ``VaultError/outOfMemory``.
    static func wrapping(
        _ rootKey: borrowing SecretKey,
        under passphrase: borrowing SecureBytes,
        number: Int64,
        cost: PasswordHash.Cost,
        vault: Identifier,
        random: RandomSource
    ) throws(VaultError) -> KeySlot {
        var slot = KeySlot(
            number: number, kind: .passphrase, cost: cost,
            salt: random.bytes(PasswordHash.saltByteCount), wrappedRootKey: [])
        let wrappingKey = try slot.wrappingKey(from: passphrase)
        slot.wrappedRootKey =
            SealedBox.seal(
                rootKey.copyBytes(), using: wrappingKey,
                authenticating: AssociatedData.keySlot(slot, vault: vault), random: random
            ).combined
        return slot
    }

    /// The root key, if `passphrase` opens this slot.
    ///
    /// Derives a key: slow by design, on the caller's thread. Throws ``VaultError/wrongPassphrase``, also where the row
    /// was changed, which cannot be told apart, and ``VaultError/outOfMemory``.
    func unwrap(with passphrase: borrowing SecureBytes, vault: Identifier) throws(VaultError) -> SecretKey {
        let wrappingKey = try wrappingKey(from: passphrase)
        guard let box = SealedBox(combined: wrappedRootKey) else { throw .damaged(.keySlot) }
        let bytes: SecureBytes
        do {
            bytes = try box.open(using: wrappingKey, authenticating: AssociatedData.keySlot(self, vault: vault))
        } catch {
            throw .wrongPassphrase
        }
        guard let key = SecretKey(bytes) else { throw .damaged(.keySlot) }
        return key
    }

    /// The root key, and the slot of those in `slots` that `passphrase` opens; nil stands for one that was refused.
    ///
    /// Derives a key for each: slow by design, on the caller's thread. Throws ``VaultError/wrongPassphrase``,
    /// ``VaultError/damaged(_:)`` where there are none or too many, or one was refused and none opens, and
    /// ``VaultError/outOfMemory``.
    static func open(
        _ slots: [KeySlot?], with passphrase: borrowing SecureBytes, vault: Identifier
    ) throws(VaultError) -> Opened {
        guard (1...maximumCount).contains(slots.count) else { throw .damaged(.keySlot) }
        var failure = VaultError.wrongPassphrase
        for slot in slots {
            // Refused before deriving: a forged cost can neither weaken the vault nor hang the program.
            guard let slot else {
                failure = .damaged(.keySlot)
                continue
            }
            guard slot.kind == .passphrase else { continue }
            do throws(VaultError) {
                return Opened(rootKey: try slot.unwrap(with: passphrase, vault: vault), slot: slot)
            } catch .wrongPassphrase {
                continue
            } catch .outOfMemory {
                failure = .outOfMemory
            }
        }
        throw failure
    }

    /// What a passphrase gave.
    struct Opened: ~Copyable {
        let rootKey: SecretKey
        let slot: KeySlot
    }

    private func wrappingKey(from passphrase: borrowing SecureBytes) throws(VaultError) -> SecretKey {
        do {
            return try PasswordHash.deriveKey(from: passphrase, salt: salt, cost: cost)
        } catch {
            throw error == .outOfMemory ? .outOfMemory : .damaged(.keySlot)
        }
    }
}
