internal import Sodium

/// Former values of secrets.
extension Unlocked {
    /// The row that keeps the value of `secret`, which was read with it, when another takes its place at `now`.
    ///
    /// The value stays in the box that it was in: it is neither opened nor sealed anew.
    func newVersion(
        of secret: SecretRow, _ metadata: SecretMetadata, now: Int64, random: RandomSource
    ) throws(VaultError) -> VersionRow {
        let place = VersionRow.Place(secret: secret.place.id, revision: secret.place.valueRevision)
        let version = SecretVersion(revision: place.revision, mask: metadata.mask, replacedAt: now)
        let keys = try scope(secret.place.scope, wrapped: secret.wrappedScopeKey)
        let box = Self.seal(
            version.encoded(), using: keys.metadataSealing,
            authenticating: AssociatedData.secretVersion(place, scope: secret.place.scope, vault: vault),
            random: random)
        return VersionRow(place: place, sealedVersion: box.combined, sealedValue: secret.sealedValue!)
    }

    /// What is known of a former value of `secret`. Throws ``VaultError/damaged(_:)``.
    func version(_ row: VersionRow, of secret: SecretRow) throws(VaultError) -> SecretVersion {
        let keys = try scope(secret.place.scope, wrapped: secret.wrappedScopeKey)
        let data = AssociatedData.secretVersion(row.place, scope: secret.place.scope, vault: vault)
        return try Self.open(
            row.sealedVersion, using: keys.metadataSealing, data, part: .version(row.place.secret, row.place.revision)
        ) {
            try SecretVersion(decoding: $0, revision: row.place.revision)
        }
    }

    /// A former value of `secret`. Throws ``VaultError/damaged(_:)``.
    func value(_ row: VersionRow, of secret: SecretRow) throws(VaultError) -> SecureBytes {
        do { return try value(former(row, of: secret)) } catch {
            throw .damaged(.version(row.place.secret, row.place.revision))
        }
    }

    /// Appends a former value of `secret` to `buffer`. Throws ``VaultError/damaged(_:)``.
    func value(
        _ row: VersionRow, of secret: SecretRow, appendingTo buffer: inout SecureBuffer
    ) throws(VaultError) {
        do { try value(former(row, of: secret), appendingTo: &buffer) } catch {
            throw .damaged(.version(row.place.secret, row.place.revision))
        }
    }

    /// `secret` as it was while this was its value, as far as the value's box is concerned.
    private func former(_ row: VersionRow, of secret: SecretRow) -> SecretRow {
        var former = secret
        former.place.valueRevision = row.place.revision
        former.sealedValue = row.sealedValue
        return former
    }
}
