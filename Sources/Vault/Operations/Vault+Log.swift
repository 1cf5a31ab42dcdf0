/// The audit log (docs/format.md, "Audit log").
extension Vault {
    /// Follows the chain from `position`, or from its checkpoint, to the last event that the state speaks of.
    ///
    /// Returns the position of that event. Throws ``VaultError/inconsistent(_:)`` with what is wrong where the chain does
    /// not lead there.
    public func checkLog(after position: LogPosition? = nil) throws(VaultError) -> LogPosition {
        let keys = try keys()
        return try connection.snapshot { database in
            let log = try StateRow.open(with: keys, in: database).log
            var link = log.base
            var last = log.first - 1
            // What came before the position may have been removed since, and the position with it.
            if let position, position.sequence >= last { (last, link) = (position.sequence, position.link) }
            try EventRow.forEach(from: last + 1, in: database) { row in
                link = keys.link(row, after: link)
                last = row.sequence
            }
            guard link == log.head, last == log.last, try !EventRow.exists(before: log.first, in: database) else {
                let damage = try Inspection(database, of: connection, keys: keys, depth: .log).run().damage
                // Nothing wrong by itself: it is what was seen before that is not among it.
                throw VaultError.inconsistent(
                    damage.isEmpty ? [Damage(.replayed, .rows(table: "events", count: 1))] : damage)
            }
            return LogPosition(sequence: last, link: link)
        }
    }

    /// The events from `first` to `last`, of those that are kept and that the state speaks of, in order; at most `limit`.
    ///
    /// That the chain through them holds is for ``checkLog(after:)`` to tell. Throws ``VaultError/damaged(_:)``.
    public func events(
        from first: Int64 = 1, to last: Int64 = .max, limit: Int
    ) throws(VaultError) -> [LoggedEvent] {
        let keys = try keys()
        return try connection.snapshot { database in
            let log = try StateRow.open(with: keys, in: database).log
            var expected = max(first, log.first)
            let last = min(last, log.last, expected + Int64(limit) - 1)
            var events: [LoggedEvent] = []
            try EventRow.forEach(from: expected, to: last, in: database) { row in
                guard row.sequence == expected else { throw VaultError.damaged(.event(expected)) }
                events.append(try keys.event(row))
                expected += 1
            }
            guard expected > last else { throw VaultError.damaged(.event(expected)) }
            return events
        }
    }

    /// A text that differs from the one before where another process has written to the vault since. Needs no key.
    public func dataVersion() throws(VaultError) -> String {
        try connection.pragma("data_version") ?? ""
    }

    /// Removes the first events of the log, so that those from `first` on are left, and notes in it that they went.
    ///
    /// The link before `first` stays, sealed, in the state, so what is left can still be verified. Returns how many were
    /// removed. Throws ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func pruneLog(before first: Int64, by actor: Actor, now: Int64) async throws(VaultError)
        -> UInt64
    {
        try await write { transaction in
            let log = transaction.state.log
            let first = min(first, log.last + 1)
            guard first > log.first else { return 0 }
            let count = UInt64(first - log.first)
            try transaction.pruneLog(before: first)
            try transaction.log(Event(.logPruned, by: actor, at: now, number: count))
            return count
        }
    }

    /// Writes to the log how often this vault was not unlocked on this machine since it last was, if at all.
    ///
    /// Throws ``VaultError/storage(_:)``; the count is then kept.
    public nonisolated func logFailedUnlocks(by actor: Actor, now: Int64) async throws(VaultError) {
        let count = failures?.count ?? 0
        guard count > 0 else { return }
        try await write { transaction in
            try transaction.log(Event(.unlockFailed, by: actor, at: now, number: count))
        }
        failures?.clear()
    }

    /// Takes the vault as it is, although it is older than it was when it was last seen: the log has it, and the vault
    /// goes on from the later of the two epochs. Follows ``unlock(passphrase:acceptingRollback:)``.
    ///
    /// Throws ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func acceptRollback(by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            let seen = transaction.keys.markedEpoch(transaction.state) ?? 0
            try transaction.log(
                Event(.rollbackAccepted, by: actor, at: now, number: transaction.state.epoch))
            transaction.advance(to: seen)
        }
        await acceptMark()
    }

    private func acceptMark() {
        try? keys().acceptMark()
    }
}

/// How far the log was followed: an event, and the link of the chain there.
public struct LogPosition: Sendable, Equatable {
    /// The sequence of the event; 0 where there never was one.
    public let sequence: Int64
    /// Its link.
    let link: [UInt8]
}
