internal import Sodium

/// The root key's subkeys that an unlocked vault works with (docs/format.md, "Subkeys").
///
/// Holding them rather than the root key means that what seals tokens cannot be turned against scope keys.
struct RootKeys: ~Copyable, Sendable {
    private enum Subkey {
        static let scopeWrapping: UInt64 = 1
        static let tokenSigning: UInt64 = 4
        static let tokenSealing: UInt64 = 6
        static let apiKeyHashing: UInt64 = 7
    }

    let scopeWrapping: SecretKey
    let tokenSigning: SecretKey
    let tokenSealing: SecretKey
    let apiKeyHashing: SecretKey

    init(_ rootKey: borrowing SecretKey) {
        scopeWrapping = rootKey.subkey(Subkey.scopeWrapping)
        tokenSigning = rootKey.subkey(Subkey.tokenSigning)
        tokenSealing = rootKey.subkey(Subkey.tokenSealing)
        apiKeyHashing = rootKey.subkey(Subkey.apiKeyHashing)
    }

    /// Makes the keys readable until ``endReading()``.
    func beginReading() {
        scopeWrapping.beginReading()
        tokenSigning.beginReading()
        tokenSealing.beginReading()
        apiKeyHashing.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    func endReading() {
        scopeWrapping.endReading()
        tokenSigning.endReading()
        tokenSealing.endReading()
        apiKeyHashing.endReading()
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
