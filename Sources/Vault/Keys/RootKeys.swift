internal import Sodium

/// The root key's subkeys that an unlocked vault works with (docs/format.md, "Subkeys").
///
/// Holding them rather than the root key means that what seals tokens cannot be turned against scope keys.
struct RootKeys: ~Copyable, Sendable {
    let scopeWrapping: SecretKey
    let stateSealing: SecretKey
    let stateHashing: SecretKey
    let tokenSigning: SecretKey
    let eventSealing: SecretKey
    let tokenSealing: SecretKey
    let apiKeyHashing: SecretKey
    private let subkeys: Subkeys

    init(_ rootKey: borrowing SecretKey) {
        subkeys = Subkeys(7, of: rootKey)
        scopeWrapping = subkeys[1]
        stateSealing = subkeys[2]
        stateHashing = subkeys[3]
        tokenSigning = subkeys[4]
        eventSealing = subkeys[5]
        tokenSealing = subkeys[6]
        apiKeyHashing = subkeys[7]
    }

    /// Makes the keys readable until ``endReading()``.
    func beginReading() {
        subkeys.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    func endReading() {
        subkeys.endReading()
    }

    /// Wraps a scope's key for storage.
    func wrap(_ key: borrowing SecretKey, scope: Identifier, vault: Identifier, random: RandomSource) -> [UInt8] {
        SealedBox.seal(
            key.copyBytes(), using: scopeWrapping,
            authenticating: AssociatedData.scopeKey(scope, vault: vault), random: random
        ).combined
    }

    /// The keys of a scope. Throws ``VaultError/damaged(_:)`` when the wrapped key does not open.
    func unwrap(_ wrapped: [UInt8], scope: Identifier, vault: Identifier) throws(VaultError) -> ScopeKeys {
        guard let box = SealedBox(combined: wrapped) else { throw .damaged(.scope(scope)) }
        do {
            let bytes = try box.open(
                using: scopeWrapping, authenticating: AssociatedData.scopeKey(scope, vault: vault))
            guard let key = SecretKey(bytes) else { throw OpenFailure() }
            return ScopeKeys(key)
        } catch {
            throw .damaged(.scope(scope))
        }
    }
}
