internal import GRDB

/// A private copy of a damaged vault's file, read as far as SQLite can follow it.
///
/// Of a schema that somebody has changed, only what is ours to the letter is read; triggers do not run when one reads.
struct DamagedFile {
    private let queue: DatabaseQueue
    private let byteCount: Int

    /// Opens `copy`. Throws ``VaultError/damaged(_:)`` where SQLite cannot.
    init(_ copy: VaultFile) throws(VaultError) {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        // Before SQLite looks at the schema: so set, it passes over what it cannot make sense of there, and over a file that
        // is shorter than its header says.
        configuration.prepareDatabase { database in
            try database.execute(
                sql: "PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF; PRAGMA query_only = ON")
        }
        let final = configuration
        queue = try VaultError.mapping { try DatabaseQueue(path: copy.path, configuration: final) }
        byteCount = copy.byteCount
    }

    /// Runs `body` on the tables.
    func read<R>(_ body: (DamagedTables) throws -> R) throws(VaultError) -> R {
        try VaultError.mapping {
            try queue.unsafeRead { try body(DamagedTables($0, byteCount: byteCount)) }
        }
    }

    func close() {
        try? queue.close()
    }
}

/// The tables of a damaged vault.
struct DamagedTables {
    /// A table whose rows have a sequence, and the indices that know it too.
    struct Table {
        let name: String
        let columns: String
        /// By name, each with the columns that it is ordered by.
        let indices: [(name: String, order: [String])]

        static let scopes = Table(
            name: "scopes", columns: ScopeRow.columns, indices: [("sqlite_autoindex_scopes_1", ["scope_id"])])
        static let secrets = Table(
            name: "secrets", columns: SecretRow.columns,
            indices: [
                ("secrets_in_order", ["scope_id", "sequence"]), ("sqlite_autoindex_secrets_1", ["secret_id"]),
                ("sqlite_autoindex_secrets_2", ["scope_id", "name_tag"]),
            ])
        static let events = Table(name: "events", columns: EventRow.columns, indices: [])
    }

    let database: Database
    private let intact: Set<String>
    /// No table has more rows than this: in a damaged file one page may stand in many places.
    private let mostRows: Int

    /// The fewest bytes that a row of ours takes in an index.
    private static let leastByteCount = 16

    fileprivate init(_ database: Database, byteCount: Int) throws {
        self.database = database
        intact = try Schema.intactTables(database)
        mostRows = byteCount / Self.leastByteCount
    }

    /// Whether `table` is ours, to the letter.
    func has(_ table: String) -> Bool { intact.contains(table) }

    /// Hands each row of `table` that can be read to `body`, in no certain order, once: from the first on until one cannot
    /// be read, from the last back, and those between that an index knows of. Returns the sequences of rows that an index
    /// knows of and that cannot be read.
    ///
    /// Rethrows what `body` throws.
    func forEachRow(of table: Table, _ body: (StoredRow) throws -> Void) rethrows -> [Int64] {
        guard has(table.name) else { return [] }
        var seen: Set<Int64> = []
        try scan("SELECT \(table.columns) FROM \(table.name) NOT INDEXED ORDER BY sequence") { sequence, row in
            // The same row again: pages that are where they do not belong, and may lead round in a circle.
            guard seen.insert(sequence).inserted else { return false }
            try body(row)
            return true
        }
        try scan("SELECT \(table.columns) FROM \(table.name) NOT INDEXED ORDER BY sequence DESC") { sequence, row in
            // Where both have met, all is read.
            guard seen.insert(sequence).inserted else { return false }
            try body(row)
            return true
        }
        var unreadable: [Int64] = []
        for sequence in known(to: table) where seen.insert(sequence).inserted {
            let sql = "SELECT \(table.columns) FROM \(table.name) NOT INDEXED WHERE sequence = ?"
            if let row = try? database.first(sql, [sequence]) { try body(row) } else { unreadable.append(sequence) }
        }
        return unreadable
    }

    /// The id of the secret with this sequence, where an index still tells.
    func secretIDs() -> [Int64: Identifier] {
        guard has(Table.secrets.name) else { return [:] }
        var ids: [Int64: Identifier] = [:]
        for order in ["", " DESC"] {
            let index = "sqlite_autoindex_secrets_1"
            scan("SELECT sequence, secret_id FROM secrets INDEXED BY \(index) ORDER BY secret_id\(order)") {
                sequence, row in
                if let id = try? row.id(1) { ids[sequence] = id }
                return true
            }
        }
        return ids
    }

    /// All sequences that the indices of `table` have, each read from both ends.
    private func known(to table: Table) -> Set<Int64> {
        var sequences: Set<Int64> = []
        for index in table.indices {
            for direction in ["", " DESC"] {
                let order = index.order.map { $0 + direction }.joined(separator: ", ")
                scan("SELECT sequence FROM \(table.name) INDEXED BY \(index.name) ORDER BY \(order)") { sequence, _ in
                    sequences.insert(sequence)
                    return true
                }
            }
        }
        return sequences
    }

    /// Hands rows to `body` until it returns false, SQLite meets what it cannot read, or there are more than there can be.
    private func scan(_ sql: String, _ body: (Int64, StoredRow) throws -> Bool) rethrows {
        guard let rows = try? database.rows(sql) else { return }
        var count = 0
        while count < mostRows, let row = try? rows.next() {
            count += 1
            guard let sequence = try? row.integer(0) else { continue }
            guard try body(sequence, row) else { return }
        }
    }
}
