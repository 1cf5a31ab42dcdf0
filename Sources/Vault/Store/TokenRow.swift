internal import GRDB

/// One row of `tokens`. Its details say whether the token is good.
struct TokenRow: Sendable, Equatable {
    let sequence: Int64
    let token: Identifier
    let sealedDetails: [UInt8]

    static let columns = "sequence, token_id, sealed_details"

    init(sequence: Int64, token: Identifier, sealedDetails: [UInt8]) {
        self.sequence = sequence
        self.token = token
        self.sealedDetails = sealedDetails
    }

    private init(_ row: StoredRow) throws {
        sequence = try row.integer(0)
        token = try row.id(1)
        sealedDetails = try row.bytes(2)
    }

    static func fetch(_ token: Identifier, from database: Database) throws -> TokenRow? {
        try database.first(
            "SELECT \(columns) FROM tokens WHERE token_id = ?", [token]
        ).map(TokenRow.init)
    }

    /// Hands each token to `body`, in order of creation; as a failure where it does not read as a row.
    static func forEach(in database: Database, _ body: (Result<TokenRow, any Error>) throws -> Void) throws {
        try database.eachRow(
            "SELECT \(columns) FROM tokens ORDER BY sequence", TokenRow.init, body)
    }

    /// All tokens, in order of creation.
    static func fetchAll(_ database: Database) throws -> [TokenRow] {
        try database.all("SELECT \(columns) FROM tokens ORDER BY sequence", [], TokenRow.init)
    }

    func insert(into transaction: Transaction) throws {
        try transaction.database.run(
            "INSERT INTO tokens (\(Self.columns)) VALUES (?, ?, ?)",
            [sequence, token, sealedDetails])
        transaction.added(self, to: .tokens)
    }

    /// Puts `self` in the place of `old`, which is of the same token.
    func replace(_ old: TokenRow, in transaction: Transaction) throws {
        try transaction.database.run(
            "UPDATE tokens SET sealed_details = ? WHERE token_id = ?", [sealedDetails, token])
        transaction.replaced(old, by: self)
    }

    func delete(from transaction: Transaction) throws {
        try transaction.database.run("DELETE FROM tokens WHERE token_id = ?", [token])
        try transaction.removed(self, from: .tokens)
    }
}

extension TokenRow: DigestedRow {
    var fingerprints: [RowFingerprint] {
        var fingerprint = RowFingerprint(.token)
        fingerprint.append(sequence)
        fingerprint.append(token)
        fingerprint.append(sealedDetails)
        return [fingerprint]
    }
}
