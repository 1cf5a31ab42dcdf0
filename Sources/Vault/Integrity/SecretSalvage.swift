internal import GRDB
internal import Sodium

/// A secret as the new vault is to have it.
struct SalvagedSecret {
    let metadata: SecretMetadata
    let row: SecretRow
    let versions: [VersionRow]
    /// The former values that are not there, or do not open.
    let lostVersions: [Damage]
    /// The revision of the metadata in the damaged vault.
    let oldRevision: Int64

    /// Throws ``VaultError/nameTaken``, where another secret of the scope has its name.
    func insert(into transaction: Transaction) throws {
        try row.insert(into: transaction)
        for version in versions { try version.insert(into: transaction) }
        transaction.reserve(secret: row.place.sequence)
    }
}

/// Opens secrets under the old keys and seals them under the new ones, one at a time.
final class SecretSalvage {
    private let tables: DamagedTables
    private let old: Unlocked
    private let new: Unlocked
    private let random: RandomSource
    /// Where values are opened, one after the other.
    private var room = SecureBuffer(capacity: 64 << 10)

    init(_ tables: DamagedTables, from old: Unlocked, to new: Unlocked, random: RandomSource) {
        self.tables = tables
        self.old = old
        self.new = new
        self.random = random
    }

    /// The secret in `row`, whose columns are those of ``DamagedTables/Table/secrets``; nil where its metadata or its value
    /// does not open.
    func secret(_ row: StoredRow, _ scope: (old: ScopeRow, new: ScopeRow)) -> SalvagedSecret? {
        guard let old = try? SecretRow(row, wrappedScopeKey: scope.old.wrappedKey),
            let metadata = try? self.old.metadata(old)
        else { return nil }
        let kept = formerValues(of: old)
        // Of a revision the ten before it are kept, and no others (docs/format.md, "Versions"): where one of them is lost,
        // the others close ranks.
        let renumbered = kept.lost.isEmpty ? kept.former.map(\.revision) : kept.former.indices.map { Int64($0) + 1 }
        var place = old.place
        place.scope = scope.new.scope
        if !kept.lost.isEmpty { place.valueRevision = Int64(kept.former.count) + 1 }
        var new = SecretRow(place, wrappedScopeKey: scope.new.wrappedKey)
        let carried = SecretMetadata(
            id: metadata.id, scope: place.scope, name: metadata.name, mask: metadata.mask,
            defaultAvailable: metadata.defaultAvailable, createdByAgent: metadata.createdByAgent,
            createdAt: metadata.createdAt, updatedAt: metadata.updatedAt)
        guard (try? reseal(old, into: &new)) != nil, (try? self.new.seal(carried, into: &new, random: random)) != nil
        else { return nil }
        let versions = zip(kept.former, renumbered).compactMap { former, revision in
            try? reseal(former.row, former.mask, former.replacedAt, of: old, as: revision, of: new)
        }
        return SalvagedSecret(
            metadata: carried, row: new, versions: versions, lostVersions: kept.lost,
            oldRevision: old.place.metadataRevision)
    }

    private struct FormerValue {
        let row: VersionRow
        let mask: String
        let replacedAt: Int64
        var revision: Int64 { row.place.revision }
    }

    /// The former values that open, and what is wrong with the others that there should be.
    private func formerValues(of secret: SecretRow) -> (former: [FormerValue], lost: [Damage]) {
        var (former, lost): ([FormerValue], [Damage]) = ([], [])
        let current = max(secret.place.valueRevision, 1)
        for revision in max(1, current - Int64(SecretVersion.keptCount))..<current {
            let place = Damage.Place.version(secret.place.id, revision)
            do {
                if let value = try formerValue(revision, of: secret) {
                    former.append(value)
                } else {
                    lost.append(Damage(.missing, place))
                }
            } catch { lost.append(Damage(.altered, place)) }
        }
        return (former, lost)
    }

    private func formerValue(_ revision: Int64, of secret: SecretRow) throws -> FormerValue? {
        guard tables.has("secret_versions"),
            let row = try VersionRow.fetch(revision, of: secret.place.id, from: tables.database)
        else { return nil }
        defer { room.truncate(to: 0) }
        try old.value(row, of: secret, appendingTo: &room)
        let version = try old.version(row, of: secret)
        return FormerValue(row: row, mask: version.mask, replacedAt: version.replacedAt)
    }

    private func reseal(_ secret: SecretRow, into row: inout SecretRow) throws(VaultError) {
        defer { room.truncate(to: 0) }
        try old.value(secret, appendingTo: &room)
        try room.withUnsafeBytes { bytes throws(VaultError) in try new.seal(bytes, into: &row, random: random) }
    }

    private func reseal(
        _ version: VersionRow, _ mask: String, _ replacedAt: Int64, of secret: SecretRow, as revision: Int64,
        of row: SecretRow
    ) throws(VaultError) -> VersionRow {
        defer { room.truncate(to: 0) }
        try old.value(version, of: secret, appendingTo: &room)
        var former = row
        former.place.valueRevision = revision
        try room.withUnsafeBytes { bytes throws(VaultError) in try new.seal(bytes, into: &former, random: random) }
        let metadata = SecretMetadata(
            id: row.place.id, scope: row.place.scope, name: "", mask: mask, defaultAvailable: false,
            createdByAgent: false, createdAt: 0, updatedAt: 0)
        return try new.newVersion(of: former, metadata, now: replacedAt, random: random)
    }
}
