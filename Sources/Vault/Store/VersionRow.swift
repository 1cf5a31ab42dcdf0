internal import GRDB

/// One row of `secret_versions`: a former value of a secret, sealed as it was while it was the current one.
struct VersionRow: Sendable {
    /// The columns in the clear: which secret's value this was, and which of them.
    struct Place: Sendable {
        let secret: Identifier
        let revision: Int64
    }

    let place: Place
    let sealedVersion: [UInt8]
    let sealedValue: [UInt8]

    private static let columns = "secret_id, value_revision, sealed_version, sealed_value"

    init(place: Place, sealedVersion: [UInt8], sealedValue: [UInt8]) {
        self.place = place
        self.sealedVersion = sealedVersion
        self.sealedValue = sealedValue
    }

    private init(_ row: StoredRow) throws {
        place = Place(secret: try row.id(0), revision: try row.integer(1))
        sealedVersion = try row.bytes(2)
        sealedValue = try row.bytes(3)
    }

    /// The former values of a secret, the oldest first.
    static func fetchAll(of secret: Identifier, from database: Database) throws -> [VersionRow] {
        try database.all(
            "SELECT \(columns) FROM secret_versions WHERE secret_id = ? ORDER BY value_revision", [secret],
            VersionRow.init)
    }

    /// One former value of a secret.
    static func fetch(_ revision: Int64, of secret: Identifier, from database: Database) throws -> VersionRow? {
        try database.first(
            "SELECT \(columns) FROM secret_versions WHERE secret_id = ? AND value_revision = ?",
            [secret, revision]
        ).map(VersionRow.init)
    }

    /// Hands each former value of each secret to `body`; as a failure where it does not read as a row.
    static func forEach(in database: Database, _ body: (Result<VersionRow, any Error>) throws -> Void) throws {
        try database.eachRow(
            "SELECT \(columns) FROM secret_versions ORDER BY secret_id, value_revision", VersionRow.init, body)
    }

    func insert(into transaction: Transaction) throws {
        try transaction.database.run(
            "INSERT INTO secret_versions (\(Self.columns)) VALUES (?, ?, ?, ?)",
            [place.secret, place.revision, sealedVersion, sealedValue])
        transaction.added(self, to: .secretVersions)
    }

    func delete(from transaction: Transaction) throws {
        try transaction.database.run(
            "DELETE FROM secret_versions WHERE secret_id = ? AND value_revision = ?",
            [place.secret, place.revision])
        try transaction.removed(self, from: .secretVersions)
    }
}

extension VersionRow: DigestedRow {
    var fingerprints: [RowFingerprint] {
        var fingerprint = RowFingerprint(.version, capacity: 64 + sealedVersion.count + sealedValue.count)
        fingerprint.append(place.secret)
        fingerprint.append(place.revision)
        fingerprint.append(sealedVersion)
        fingerprint.append(sealedValue)
        return [fingerprint]
    }
}
