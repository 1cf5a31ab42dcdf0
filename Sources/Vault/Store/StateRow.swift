internal import GRDB

/// The one row of `state`.
enum StateRow {
    static func insert(_ sealed: [UInt8], into database: Database) throws {
        try database.run("INSERT INTO state (one, sealed_state) VALUES (1, ?)", [sealed])
    }

    static func update(_ sealed: [UInt8], in database: Database) throws {
        try database.run("UPDATE state SET sealed_state = ? WHERE one = 1", [sealed])
        guard database.changesCount == 1 else { throw VaultError.damaged(.state) }
    }

    /// The state, opened with the keys that the vault was unlocked with.
    ///
    /// Throws ``VaultError/keysChanged`` where it does not open, and the key slots are not those that they came from;
    /// ``VaultError/damaged(_:)``, ``VaultError/rolledBack(_:)``.
    static func open(with keys: Unlocked, in database: Database) throws -> VaultState {
        do throws(VaultError) {
            return try keys.state(VaultError.mapping { try fetch(database) })
        } catch .damaged(.state) {
            throw try KeySlot.fetchAll(database) == keys.slots ? VaultError.damaged(.state) : .keysChanged
        }
    }

    /// Throws ``VaultError/damaged(_:)`` where there is none.
    static func fetch(_ database: Database) throws -> [UInt8] {
        guard let row = try database.first("SELECT sealed_state FROM state WHERE one = 1", []) else {
            throw VaultError.damaged(.state)
        }
        return try row.bytes(0)
    }
}
