internal import GRDB

/// One row of `scopes`.
struct ScopeRow: Sendable {
    let sequence: Int64
    let scope: Identifier
    let revision: Int64
    let wrappedKey: [UInt8]
    let sealedDetails: [UInt8]

    static let columns = "sequence, scope_id, revision, wrapped_scope_key, sealed_details"

    init(sequence: Int64, scope: Identifier, revision: Int64, wrappedKey: [UInt8], sealedDetails: [UInt8]) {
        self.sequence = sequence
        self.scope = scope
        self.revision = revision
        self.wrappedKey = wrappedKey
        self.sealedDetails = sealedDetails
    }

    init(_ row: StoredRow) throws {
        sequence = try row.integer(0)
        scope = try row.id(1)
        revision = try row.integer(2)
        wrappedKey = try row.bytes(3)
        sealedDetails = try row.bytes(4)
    }

    static func fetch(_ scope: Identifier, from database: Database) throws -> ScopeRow? {
        try database.first("SELECT \(columns) FROM scopes WHERE scope_id = ?", [scope]).map(ScopeRow.init)
    }

    /// Hands each scope to `body`, in order of creation; as a failure where it does not read as a row.
    static func forEach(in database: Database, _ body: (Result<ScopeRow, any Error>) throws -> Void) throws {
        try database.eachRow("SELECT \(columns) FROM scopes ORDER BY sequence", ScopeRow.init, body)
    }

    /// All scopes, in order of creation.
    static func fetchAll(_ database: Database) throws -> [ScopeRow] {
        try database.all("SELECT \(columns) FROM scopes ORDER BY sequence", [], ScopeRow.init)
    }

    /// Throws ``VaultError/projectExists`` when the id is taken.
    func insert(into transaction: Transaction) throws {
        do {
            try transaction.database.run(
                "INSERT INTO scopes (\(Self.columns)) VALUES (?, ?, ?, ?, ?)",
                [sequence, scope, revision, wrappedKey, sealedDetails])
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw VaultError.projectExists
        }
        transaction.added(self, to: .scopes)
    }

    /// Deletes the scope and, by the foreign keys, its secrets and their former values.
    func delete(from transaction: Transaction) throws {
        try SecretRow.forEach(in: scope, .metadataAndValue, from: transaction.database) { secret in
            for version in try VersionRow.fetchAll(of: secret.place.id, from: transaction.database) {
                try transaction.removed(version, from: .secretVersions)
            }
            try transaction.removed(secret, from: .secrets)
        }
        try transaction.database.run("DELETE FROM scopes WHERE scope_id = ?", [scope])
        try transaction.removed(self, from: .scopes)
    }
}

extension ScopeRow: DigestedRow {
    var fingerprints: [RowFingerprint] {
        var fingerprint = RowFingerprint(.scope)
        fingerprint.append(sequence)
        fingerprint.append(scope)
        fingerprint.append(revision)
        fingerprint.append(wrappedKey)
        fingerprint.append(sealedDetails)
        return [fingerprint]
    }
}
