internal import Sodium

/// The subkeys of one scope's key (docs/format.md, "Subkeys"), kept together while the vault is unlocked.
///
/// A class, because keys cannot be copied and a dictionary can only hold what can.
final class ScopeKeys: Sendable {
    let nameTagging: SecretKey
    let metadataSealing: SecretKey
    let valueSealing: SecretKey
    let detailsSealing: SecretKey
    private let subkeys: Subkeys

    init(_ scopeKey: borrowing SecretKey) {
        subkeys = Subkeys(4, of: scopeKey)
        nameTagging = subkeys[1]
        metadataSealing = subkeys[2]
        valueSealing = subkeys[3]
        detailsSealing = subkeys[4]
    }

    /// Makes the keys readable until ``endReading()``.
    func beginReading() {
        subkeys.beginReading()
    }

    /// Ends what ``beginReading()`` began.
    func endReading() {
        subkeys.endReading()
    }

    /// The tag under which the database finds `name`, and keeps it unique, without knowing it.
    func nameTag(_ name: String) -> [UInt8] {
        KeyedHash.tag(of: name.utf8, using: nameTagging)
    }
}
