internal import Sodium

/// The subkeys of one scope's key (docs/format.md, "Subkeys"), kept together while the vault is unlocked.
///
/// A class, because keys cannot be copied and a dictionary can only hold what can.
final class ScopeKeys: Sendable {
    private enum Subkey {
        static let nameTagging: UInt64 = 1
        static let metadataSealing: UInt64 = 2
        static let valueSealing: UInt64 = 3
        static let detailsSealing: UInt64 = 4
    }

    let nameTagging: SecretKey
    let metadataSealing: SecretKey
    let valueSealing: SecretKey
    let detailsSealing: SecretKey

    init(_ scopeKey: borrowing SecretKey) {
        nameTagging = scopeKey.subkey(Subkey.nameTagging)
        metadataSealing = scopeKey.subkey(Subkey.metadataSealing)
        valueSealing = scopeKey.subkey(Subkey.valueSealing)
        detailsSealing = scopeKey.subkey(Subkey.detailsSealing)
    }

    /// Makes the keys readable until ``endReading()``.
    func beginReading() {
        nameTagging.beginReading()
        metadataSealing.beginReading()
        valueSealing.beginReading()
        detailsSealing.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    func endReading() {
        nameTagging.endReading()
        metadataSealing.endReading()
        valueSealing.endReading()
        detailsSealing.endReading()
    }

    /// The tag under which the database finds `name`, and keeps it unique, without knowing it.
    func nameTag(_ name: String) -> [UInt8] {
        KeyedHash.tag(of: name.utf8, using: nameTagging)
    }
}
