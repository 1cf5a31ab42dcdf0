/// The audit log (docs/format.md, "Audit log").
extension Vault {
    /// Lends each event from `first` on, in order, to `body`, which may end it by returning false.
    ///
    /// What is lent is what is kept, up to the last event that the state speaks of; that the chain through it holds is for
    /// ``verify(progress:)`` to tell. Returns the sequence of the last event there is. Throws ``VaultError/damaged(_:)``,
    /// and rethrows what `body` throws.
    public func events(
        from first: Int64 = 1, _ body: (LoggedEvent) throws -> Bool
    ) throws(VaultError) -> Int64 {
        let keys = try keys()
        return try connection.snapshot { database in
            let log = try keys.state(StateRow.fetch(database)).log
            var expected = max(first, log.first)
            var goesOn = true
            try EventRow.forEach(from: expected, to: log.last, in: database) { row in
                guard goesOn else { return }
                guard row.sequence == expected else { throw VaultError.damaged(.event(expected)) }
                goesOn = try body(keys.event(row))
                expected += 1
            }
            guard !goesOn || expected == max(log.last + 1, expected) else { throw VaultError.damaged(.event(expected)) }
            return log.last
        }
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
            let seen = transaction.keys.markedEpoch ?? 0
            try transaction.log(
                Event(.rollbackAccepted, by: actor, at: now, number: transaction.state.epoch))
            transaction.advance(to: seen)
        }
        await noteEpoch()
    }

    private func noteEpoch() {
        try? keys().writeMark()
    }
}
