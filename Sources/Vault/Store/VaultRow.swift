internal import GRDB

/// The row of `vault`.
enum VaultRow {
    static func insert(_ id: Identifier, into database: Database) throws {
        try database.run("INSERT INTO vault (one, vault_id) VALUES (1, ?)", [id])
    }

    static func fetch(_ database: Database) throws -> Identifier {
        guard let row = try database.first("SELECT vault_id FROM vault WHERE one = 1", []) else {
            throw VaultError.damaged(.file)
        }
        return try row.id(0)
    }
}

extension Database {
    /// How many rows `table` has.
    func count(_ table: VaultState.Table) throws -> Int {
        try Int.fetchOne(self, sql: "SELECT count(*) FROM \(table.name)") ?? 0
    }
}
