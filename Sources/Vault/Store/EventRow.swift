internal import GRDB

/// One row of `events`.
struct EventRow: Sendable {
    let sequence: Int64
    let sealedEvent: [UInt8]

    static let columns = "sequence, sealed_event"

    init(sequence: Int64, sealedEvent: [UInt8]) {
        self.sequence = sequence
        self.sealedEvent = sealedEvent
    }

    init(_ row: StoredRow) throws {
        sequence = try row.integer(0)
        sealedEvent = try row.bytes(1)
    }

    /// The events from `first` to `last`, in order; each is handed to `body` as it is read.
    static func forEach(
        from first: Int64, to last: Int64 = .max, in database: Database, _ body: (EventRow) throws -> Void
    ) throws {
        let rows = try database.rows(
            "SELECT \(columns) FROM events WHERE sequence BETWEEN ? AND ? ORDER BY sequence",
            [first, last])
        while let row = try rows.next() { try body(EventRow(row)) }
    }

    /// Whether there is an event before `sequence`.
    static func exists(before sequence: Int64, in database: Database) throws -> Bool {
        try database.first("SELECT 1 FROM events WHERE sequence < ? LIMIT 1", [sequence]) != nil
    }

    /// Throws ``VaultError/inconsistent(_:)`` where there is one already, which the state knows nothing of.
    func insert(into database: Database) throws {
        do {
            try database.run(
                "INSERT INTO events (\(Self.columns)) VALUES (?, ?)", [sequence, sealedEvent])
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw VaultError.inconsistent([Damage(.added, .event(sequence))])
        }
    }

    static func delete(before sequence: Int64, from database: Database) throws {
        try database.run("DELETE FROM events WHERE sequence < ?", [sequence])
    }
}
