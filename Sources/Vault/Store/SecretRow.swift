internal import GRDB

/// One row of `secrets`, with the wrapped key of its scope, and with its value only where that was asked for.
struct SecretRow: Sendable {
    /// The columns in the clear: which secret this is, and which revision of it.
    struct Place: Sendable {
        let sequence: Int64
        let id: Identifier
        var scope: Identifier
        var nameTag: [UInt8]
        var metadataRevision: Int64
        var valueRevision: Int64
    }

    var place: Place
    let wrappedScopeKey: [UInt8]
    var sealedMetadata: [UInt8]
    var sealedValue: [UInt8]?

    /// All that the table has.
    static let columns = """
        sequence, secret_id, scope_id, name_tag, metadata_revision, value_revision, sealed_metadata, sealed_value
        """

    /// What a query reads of each row.
    enum Part {
        case metadata
        case metadataAndValue

        var sql: String {
            let metadata = """
                SELECT s.sequence, s.secret_id, s.scope_id, s.name_tag, s.metadata_revision, s.value_revision, \
                c.wrapped_scope_key, s.sealed_metadata
                """
            let tables = " FROM secrets s JOIN scopes c ON c.scope_id = s.scope_id "
            return metadata + (self == .metadata ? "" : ", s.sealed_value") + tables
        }
    }

    /// The first revision of a secret, to be sealed.
    init(new id: Identifier, in scope: ScopeRow, sequence: Int64) {
        place = Place(
            sequence: sequence, id: id, scope: scope.scope, nameTag: [], metadataRevision: 1, valueRevision: 1)
        wrappedScopeKey = scope.wrappedKey
        sealedMetadata = []
    }

    /// The row at `place`, to be sealed.
    init(_ place: Place, wrappedScopeKey: [UInt8]) {
        self.place = place
        self.wrappedScopeKey = wrappedScopeKey
        sealedMetadata = []
    }

    private init(_ row: StoredRow) throws {
        place = try Place(row)
        // Without one, the secret belongs to no scope.
        do { wrappedScopeKey = try row.bytes(6) } catch { throw VaultError.damaged(.secret(place.id)) }
        sealedMetadata = try row.bytes(7)
        sealedValue = row.count > 8 ? try row.bytes(8) : nil
    }

    /// A row of which ``columns`` were read, of a scope with this wrapped key.
    init(_ row: StoredRow, wrappedScopeKey: [UInt8]) throws {
        self.init(try Place(row), wrappedScopeKey: wrappedScopeKey)
        sealedMetadata = try row.bytes(6)
        sealedValue = try row.bytes(7)
    }

    static func fetch(_ id: Identifier, _ part: Part, from database: Database) throws -> SecretRow? {
        try database.first(part.sql + "WHERE s.secret_id = ?", [id]).map(SecretRow.init)
    }

    /// Throws ``VaultError/noSuchSecret``.
    static func existing(_ id: Identifier, _ part: Part, from database: Database) throws -> SecretRow {
        guard let row = try fetch(id, part, from: database) else { throw VaultError.noSuchSecret }
        return row
    }

    static func fetch(
        nameTag: [UInt8], scope: Identifier, _ part: Part, from database: Database
    ) throws -> SecretRow? {
        try database.first(
            part.sql + "WHERE s.scope_id = ? AND s.name_tag = ?", [scope, nameTag]
        ).map(SecretRow.init)
    }

    /// The rows of a scope in order of creation, from behind `sequence` on, at most `limit` of them (nil: all).
    ///
    /// Each is handed to `body` as it is read, so that no more than one is held.
    static func forEach(
        in scope: Identifier, _ part: Part = .metadata, after sequence: Int64 = 0, limit: Int? = nil,
        from database: Database, _ body: (SecretRow) throws -> Void
    ) throws {
        let rows = try rows(in: scope, part, after: sequence, limit: limit, from: database)
        while let row = try rows.next() { try body(SecretRow(row)) }
    }

    /// The same, together, and no more of them once their boxes come to `byteCount`.
    static func fetch(
        in scope: Identifier, _ part: Part, after sequence: Int64, limit: Int, byteCount: Int, from database: Database
    ) throws -> [SecretRow] {
        let rows = try rows(in: scope, part, after: sequence, limit: limit, from: database)
        var secrets: [SecretRow] = []
        var size = 0
        while size < byteCount, let row = try rows.next() {
            let secret = try SecretRow(row)
            size += secret.sealedMetadata.count + (secret.sealedValue?.count ?? 0)
            secrets.append(secret)
        }
        return secrets
    }

    private static func rows(
        in scope: Identifier, _ part: Part, after sequence: Int64, limit: Int?, from database: Database
    ) throws -> StoredRows {
        try database.rows(
            part.sql + "WHERE s.scope_id = ? AND s.sequence > ? ORDER BY s.sequence LIMIT ?",
            [scope, sequence, limit ?? -1])
    }

    /// Hands each secret of all scopes to `body`, with its value, in order of creation; as a failure where it does not read
    /// as a row, or belongs to no scope.
    static func forEach(in database: Database, _ body: (Result<SecretRow, any Error>) throws -> Void) throws {
        let sql = Part.metadataAndValue.sql.replacing(" JOIN ", with: " LEFT JOIN ")
        try database.eachRow(sql + "ORDER BY s.sequence", SecretRow.init, body)
    }

    /// Throws ``VaultError/nameTaken`` and, where the scope is gone, ``VaultError/noSuchProject``.
    func insert(into transaction: Transaction) throws {
        try insert(into: transaction.database)
        transaction.added(self, to: .secrets)
    }

    /// The same, for a caller that counts it in.
    func insert(into database: Database) throws {
        do {
            try database.run(
                """
                INSERT INTO secrets (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    place.sequence, place.id, place.scope, place.nameTag,
                    place.metadataRevision, place.valueRevision, sealedMetadata, sealedValue!,
                ])
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw VaultError.nameTaken
        } catch let error as DatabaseError where error.isForeignKeyViolation {
            throw VaultError.noSuchProject
        }
    }

    /// Writes what differs from `old`, the row as it was read: the metadata, and the value where both have one, which
    /// goes from one revision to the next. Throws ``VaultError/nameTaken``.
    func update(from old: SecretRow, in transaction: Transaction) throws {
        do {
            try transaction.database.run(
                "UPDATE secrets SET name_tag = ?, metadata_revision = ?, sealed_metadata = ? WHERE secret_id = ?",
                [place.nameTag, place.metadataRevision, sealedMetadata, place.id])
            if let sealedValue {
                try transaction.database.run(
                    "UPDATE secrets SET value_revision = ?, sealed_value = ? WHERE secret_id = ?",
                    [place.valueRevision, sealedValue, place.id])
            }
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw VaultError.nameTaken
        }
        precondition((old.sealedValue == nil) == (sealedValue == nil))
        transaction.replaced(old, by: self)
    }

    /// Deletes the row, which was read with its value, and the secret's former values.
    func delete(from transaction: Transaction) throws {
        for version in try VersionRow.fetchAll(of: place.id, from: transaction.database) {
            try version.delete(from: transaction)
        }
        try transaction.database.run("DELETE FROM secrets WHERE secret_id = ?", [place.id])
        try transaction.removed(self, from: .secrets)
    }
}

extension SecretRow.Place {
    /// What the first six columns of `row` say.
    init(_ row: StoredRow) throws {
        self.init(
            sequence: try row.integer(0), id: try row.id(1), scope: try row.id(2), nameTag: try row.bytes(3),
            metadataRevision: try row.integer(4), valueRevision: try row.integer(5))
    }
}

/// Two parts, so that metadata can change without a look at the value. Of a row that was read without its value, the
/// first alone.
extension SecretRow: DigestedRow {
    var fingerprints: [RowFingerprint] {
        var metadata = RowFingerprint(.secret)
        metadata.append(place.sequence)
        metadata.append(place.id)
        metadata.append(place.scope)
        metadata.append(place.nameTag)
        metadata.append(place.metadataRevision)
        metadata.append(place.valueRevision)
        metadata.append(sealedMetadata)
        guard let sealedValue else { return [metadata] }
        var value = RowFingerprint(.value, capacity: 64 + sealedValue.count)
        value.append(place.id)
        value.append(place.valueRevision)
        value.append(sealedValue)
        return [metadata, value]
    }
}
