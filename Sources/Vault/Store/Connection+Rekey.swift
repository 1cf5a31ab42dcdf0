internal import GRDB
internal import Sodium

/// The transaction that exchanges all that is sealed.
extension Connection {
    /// What is sealed anew stays in memory up to this many KiB.
    private static let scratchKiB = 64 << 10

    /// Replaces all there is by what `body` seals anew, in one transaction: all of it is on disk when this returns, or, when
    /// it throws, none of it ever happened.
    ///
    /// It is written into another database first, and from there, page after page, over each page of this one: nothing of what
    /// was is left between rows, as it would be where they are changed in place. `progress` is told how many rows are
    /// done, and of how many.
    ///
    /// Throws ``Rekey/Mismatch`` and ``VaultError``.
    func rekey(
        from old: Unlocked, to new: Unlocked, _ random: RandomSource, _ progress: @escaping (Int, Int) -> Void,
        _ body: @escaping (Rekey) throws -> VaultState
    ) throws {
        var state: VaultState?
        do {
            let witness = try another()
            defer { try? witness.close() }
            try replaceContent(by: scratch()) { database in
                try database.inTransaction(.immediate) {
                    state = try body(
                        Rekey(witness, into: database, from: old, to: new, random: random, progress: progress))
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

    /// A vault's empty tables in a database that has no name, and goes with its connection: what does not fit into its cache is
    /// in a file that SQLite unlinks at once, in the folder for temporary files (`SQLITE_TMPDIR`, `TMPDIR`, `/var/tmp`).
    private func scratch() throws -> Connection {
        let pageSize = try pragma("page_size") ?? "4096"
        var configuration = Configuration()
        // What comes from the vault is whole: rows are read by what they belong to, and counted.
        configuration.foreignKeysEnabled = false
        let scratch = try DatabaseQueue(path: "", configuration: configuration)
        try scratch.writeWithoutTransaction { database in
            // Pages can only be copied among pages of their size, and none of them is ever undone.
            try database.execute(
                sql: """
                    PRAGMA page_size = \(pageSize);
                    PRAGMA application_id = \(VaultFile.applicationID);
                    PRAGMA journal_mode = OFF;
                    PRAGMA cache_size = -\(Self.scratchKiB)
                    """)
        }
        try Schema.migrator.migrate(scratch)
        return Connection(queue: scratch)
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
