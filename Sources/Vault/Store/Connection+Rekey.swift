internal import GRDB
internal import Sodium

/// The transaction that seals everything anew.
extension Connection {
    /// SQLite's cache meanwhile, in KiB: an index in the order of keyed hashes is written all over, and pages that do not
    /// stay would be written to the log each time.
    private static let cacheKiB = 64 << 10

    /// Runs `body` as one `BEGIN IMMEDIATE` transaction: all of it is on disk when this returns, or, when it throws, none of
    /// it ever happened. `progress` is told how many rows are done, and of how many.
    ///
    /// Throws ``Rekey/Mismatch`` and ``VaultError``.
    func rekey(
        from old: Unlocked, to new: Unlocked, _ random: RandomSource, _ progress: @escaping (Int, Int) -> Void,
        _ body: (Rekey) throws -> VaultState
    ) throws {
        var state: VaultState?
        do {
            try withLargeCache { database in
                try database.inTransaction(.immediate) {
                    let total = Int(clamping: try StateRow.open(with: old, in: database).rowCount)
                    let rekey = try Rekey(
                        database, from: old, to: new, random: random, progress: { progress($0, total) })
                    state = try body(rekey)
                    return .commit
                }
            }
        } catch let mismatch as Rekey.Mismatch {
            throw mismatch
        } catch {
            try VaultError.mapping { throw error }
        }
        new.noteCommitted(state!)
    }

    private func withLargeCache(_ body: (Database) throws -> Void) throws {
        try queue.writeWithoutTransaction { database in
            let usual = try Int.fetchOne(database, sql: "PRAGMA cache_size") ?? -2000
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheKiB)")
            // The log is moved into the file once, when all is done.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            defer {
                try? database.execute(sql: "PRAGMA cache_size = \(usual)")
                try? database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPageCount)")
            }
            try body(database)
        }
    }

    /// Writes all pages anew and moves them into the file, so that nothing else is left there. Returns whether that went
    /// well: it does not where there is no room, or while somebody else reads from the write-ahead log.
    ///
    /// Overwriting rows is not enough. SQLite overwrites what it deletes (`secure_delete`), and not the copies that it leaves
    /// in the gaps of pages when it moves rows from one page to another.
    func rewrite() -> Bool {
        do { try withLargeCache { try $0.execute(sql: "VACUUM") } } catch {
            _ = emptyLog()
            return false
        }
        return emptyLog()
    }

    /// Moves the write-ahead log into the file and cuts it to nothing: what was replaced is overwritten in the one, and gone
    /// with the other. Returns whether that went well: it does not while somebody else reads from the log.
    func emptyLog() -> Bool {
        let busy = try? queue.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return busy == 0
    }
}
