internal import GRDB

/// The one row of `state`.
enum StateRow {
    static func insert(_ sealed: [UInt8], into database: Database) throws {
        try database.run("INSERT INTO state (one, sealed_state) VALUES (1, ?)", [sealed.blob])
    }

    static func update(_ sealed: [UInt8], in database: Database) throws {
        try database.run("UPDATE state SET sealed_state = ? WHERE one = 1", [sealed.blob])
        guard database.changesCount == 1 else { throw VaultError.damaged(.state) }
    }

    /// Throws ``VaultError/damaged(_:)`` where there is none.
    static func fetch(_ database: Database) throws -> [UInt8] {
        guard let row = try database.row("SELECT sealed_state FROM state WHERE one = 1", []) else {
            throw VaultError.damaged(.state)
        }
        return try row.bytes(0)
    }
}
