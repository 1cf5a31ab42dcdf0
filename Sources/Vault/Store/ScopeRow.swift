internal import GRDB

/// One row of `scopes`.
struct ScopeRow: Sendable {
    let sequence: Int64
    let scope: Identifier
    let revision: Int64
    let wrappedKey: [UInt8]
    let sealedDetails: [UInt8]

    private static let columns = "sequence, scope_id, revision, wrapped_scope_key, sealed_details"

    init(sequence: Int64, scope: Identifier, revision: Int64, wrappedKey: [UInt8], sealedDetails: [UInt8]) {
        self.sequence = sequence
        self.scope = scope
        self.revision = revision
        self.wrappedKey = wrappedKey
        self.sealedDetails = sealedDetails
    }

    private init(_ row: Row) throws {
        sequence = try row.integer(0)
        scope = try row.id(1)
        revision = try row.integer(2)
        wrappedKey = try row.bytes(3)
        sealedDetails = try row.bytes(4)
    }

    static func fetch(_ scope: Identifier, from database: Database) throws -> ScopeRow? {
        try database.row("SELECT \(columns) FROM scopes WHERE scope_id = ?", [scope.bytes.blob]).map(ScopeRow.init)
    }

    /// All scopes, in order of creation.
    static func fetchAll(_ database: Database) throws -> [ScopeRow] {
        try Row.fetchAll(database.cachedStatement(sql: "SELECT \(columns) FROM scopes ORDER BY sequence"))
            .map(ScopeRow.init)
    }

    /// Throws ``VaultError/projectExists`` when the id is taken.
    func insert(into database: Database) throws {
        do {
            try database.run(
                "INSERT INTO scopes (\(Self.columns)) VALUES (?, ?, ?, ?, ?)",
                [sequence, scope.bytes.blob, revision, wrappedKey.blob, sealedDetails.blob])
        } catch let error as DatabaseError where error.isUniqueViolation {
            throw VaultError.projectExists
        }
    }

    /// Deletes the scope and, by the foreign key, its secrets. Throws ``VaultError/noSuchProject``.
    static func delete(_ scope: Identifier, from database: Database) throws {
        try database.run("DELETE FROM scopes WHERE scope_id = ?", [scope.bytes.blob])
        guard database.changesCount > 0 else { throw VaultError.noSuchProject }
    }
}
