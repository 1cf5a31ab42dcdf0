internal import GRDB
internal import Sodium

/// The rows of `key_slots`.
extension KeySlot {
    func insert(into transaction: Transaction) throws {
        try transaction.database.run(
            """
            INSERT INTO key_slots (slot, kind, operations, memory, salt, wrapped_root_key) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                number, kind.rawValue, Int64(cost.operations), Int64(cost.memory), salt, wrappedRootKey,
            ])
        transaction.added(self, to: .keySlots)
    }

    func delete(from transaction: Transaction) throws {
        try transaction.database.run("DELETE FROM key_slots WHERE slot = ?", [number])
        try transaction.removed(self, from: .keySlots)
    }

    /// All slots; nil in place of one that must be refused before anything is derived from it.
    static func fetchAll(_ database: Database) throws -> [KeySlot?] {
        try fetchNumbered(database).map(\.slot)
    }

    /// The same, with the number of each, which a refused one has too, unless it is what does not read.
    static func fetchNumbered(_ database: Database) throws -> [(number: Int64?, slot: KeySlot?)] {
        try database.all(
            "SELECT slot, kind, operations, memory, salt, wrapped_root_key FROM key_slots ORDER BY slot LIMIT ?",
            [maximumCount + 1]
        ) { row in
            guard let number = try? row.integer(0) else { return (nil, nil) }
            guard let kind = row.text(1).flatMap(Kind.init),
                let cost = try? PasswordHash.Cost(operations: row.integer(2), memory: row.integer(3)),
                let salt = try? row.bytes(4), let wrapped = try? row.bytes(5),
                salt.count == PasswordHash.saltByteCount, wrapped.count == wrappedByteCount
            else { return (number, nil) }
            return (number, KeySlot(number: number, kind: kind, cost: cost, salt: salt, wrappedRootKey: wrapped))
        }
    }
}

extension KeySlot: DigestedRow {
    var fingerprints: [RowFingerprint] {
        var fingerprint = RowFingerprint(.keySlot)
        fingerprint.append(number)
        fingerprint.append(kind.rawValue.utf8)
        fingerprint.append(Int64(cost.operations))
        fingerprint.append(Int64(cost.memory))
        fingerprint.append(salt)
        fingerprint.append(wrappedRootKey)
        return [fingerprint]
    }
}
