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

    /// Wraps `rootKey` in a new slot under `secret`: a passphrase, or the 32 bytes of a recovery code.
    ///
    /// Derives a key: slow by design, on the caller's thread. Throws ``VaultError/outOfMemory``.
    static func wrapping(
        _ rootKey: borrowing SecretKey,
        under secret: borrowing SecureBytes,
        kind: Kind = .passphrase,
        number: Int64,
        cost: PasswordHash.Cost,
        vault: Identifier,
        random: RandomSource
    ) throws(VaultError) -> KeySlot {
        var slot = KeySlot(
            number: number, kind: kind, cost: cost,
            salt: random.bytes(PasswordHash.saltByteCount), wrappedRootKey: [])
        let wrappingKey = try slot.wrappingKey(from: secret)
        slot.wrappedRootKey =
            SealedBox.seal(
                rootKey.copyBytes(), using: wrappingKey,
                authenticating: AssociatedData.keySlot(slot, vault: vault), random: random
            ).combined
        return slot
    }

    /// Wraps `rootKey`, another vault's or this one's next, under what was `typed` to open this slot, at the same cost.
    ///
    /// Derives a key: slow by design, on the caller's thread. Throws ``VaultError/outOfMemory``.
    func wrapping(
        another rootKey: borrowing SecretKey, under typed: borrowing SecureBytes, number: Int64, vault: Identifier,
        random: RandomSource
    ) throws(VaultError) -> KeySlot {
        if kind == .recovery, case .code(let code) = RecoveryCode.read(typed) {
            return try Self.wrapping(
                rootKey, under: code.secret, kind: .recovery, number: number, cost: cost, vault: vault, random: random)
        }
        return try Self.wrapping(rootKey, under: typed, number: number, cost: cost, vault: vault, random: random)
    }

    /// The root key, if `secret`, a passphrase or the bytes of a recovery code, opens this slot.
    ///
    /// Derives a key: slow by design, on the caller's thread. Throws ``VaultError/wrongPassphrase``, also where the row
    /// was changed, which cannot be told apart, and ``VaultError/outOfMemory``.
    func unwrap(with secret: borrowing SecureBytes, vault: Identifier) throws(VaultError) -> SecretKey {
        let wrappingKey = try wrappingKey(from: secret)
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

    private func wrappingKey(from secret: borrowing SecureBytes) throws(VaultError) -> SecretKey {
        do {
            return try PasswordHash.deriveKey(from: secret, salt: salt, cost: cost)
        } catch {
            throw error == .outOfMemory ? .outOfMemory : .damaged(.keySlot)
        }
    }
}
