internal import Sodium

/// Taking records from under one set of keys to another, each in its own place (docs/format.md, "New keys").
extension Unlocked {
    /// The row of a scope that has another key now, with its details sealed under that.
    func resealed(_ row: ScopeRow, from old: Unlocked, random: RandomSource) throws(VaultError) -> ScopeRow {
        let key = SecretKey(random: random)
        let data = AssociatedData.scopeDetails(row.scope, sequence: row.sequence, revision: row.revision, vault: vault)
        return ScopeRow(
            sequence: row.sequence, scope: row.scope, revision: row.revision,
            wrappedKey: rootKeys.wrap(key, scope: row.scope, vault: vault, random: random),
            sealedDetails: try Self.reseal(
                row.sealedDetails, from: old.scope(row.scope, wrapped: row.wrappedKey).detailsSealing,
                to: ScopeKeys(key).detailsSealing, data, part: .scope(row.scope), random: random))
    }

    /// The row of a secret in `scope`, a scope of these keys, with metadata, name tag and value sealed anew. The value
    /// passes through `room`.
    func resealed(
        _ row: SecretRow, in scope: ScopeRow, from old: Unlocked, through room: inout SecureBuffer,
        random: RandomSource
    ) throws(VaultError) -> SecretRow {
        var resealed = SecretRow(row.place, wrappedScopeKey: scope.wrappedKey)
        try seal(old.metadata(row), into: &resealed, random: random)
        defer { room.truncate(to: 0) }
        try old.value(row, appendingTo: &room)
        try room.withUnsafeBytes { value throws(VaultError) in try seal(value, into: &resealed, random: random) }
        return resealed
    }

    /// The row of a former value of `secret`, which has been sealed anew as `resealed`.
    func resealed(
        _ row: VersionRow, of secret: SecretRow, as resealed: SecretRow, from old: Unlocked,
        through room: inout SecureBuffer, random: RandomSource
    ) throws(VaultError) -> VersionRow {
        let scope = secret.place.scope
        let (former, next) = try (
            old.scope(scope, wrapped: secret.wrappedScopeKey), self.scope(scope, wrapped: resealed.wrappedScopeKey)
        )
        let version = try Self.reseal(
            row.sealedVersion, from: former.metadataSealing, to: next.metadataSealing,
            AssociatedData.secretVersion(row.place, scope: scope, vault: vault),
            part: .version(row.place.secret, row.place.revision), random: random)
        var place = resealed
        place.place.valueRevision = row.place.revision
        defer { room.truncate(to: 0) }
        try old.value(row, of: secret, appendingTo: &room)
        try room.withUnsafeBytes { value throws(VaultError) in try seal(value, into: &place, random: random) }
        return VersionRow(place: row.place, sealedVersion: version, sealedValue: place.sealedValue!)
    }

    /// Opens a record with one key and seals it with another, as what it was. Throws ``VaultError/damaged(_:)``.
    static func reseal(
        _ sealed: [UInt8], from old: borrowing SecretKey, to new: borrowing SecretKey, _ associatedData: [UInt8],
        part: VaultError.Part, random: RandomSource
    ) throws(VaultError) -> [UInt8] {
        guard let box = SealedBox(combined: sealed) else { throw .damaged(part) }
        do {
            return try box.resealingRecord(from: old, to: new, authenticating: associatedData, random: random).combined
        } catch {
            throw .damaged(part)
        }
    }
}
