/// The vault's proof of itself (docs/format.md, "State").
extension Vault {
    /// Looks at the whole file: SQLite's structure, every seal, every padding, the state, the chain through the log.
    ///
    /// `progress` is told how many rows were looked at; ``rowCount()`` is how many there are. Changes nothing. Throws
    /// ``VaultError/locked``, ``VaultError/damaged(_:)`` where the state itself does not open, ``VaultError/storage(_:)``.
    public func verify(progress: @escaping (Int) -> Void = { _ in }) throws(VaultError) -> Verification {
        let keys = try keys()
        return try connection.snapshot { database in
            try Inspection(database, of: connection, keys: keys, depth: .everything, progress: progress).run()
        }
    }

    /// Compares all rows with the state, without opening them: what is asked of a vault before it is worked with for long.
    ///
    /// Throws ``VaultError/inconsistent(_:)`` with what is wrong.
    public func checkSums() throws(VaultError) {
        let keys = try keys()
        try connection.snapshot { database in
            let sums = try Inspection(database, of: connection, keys: keys, depth: .sums).run()
            guard !sums.isClean else { return }
            // Only where the sums do not hold is it worth the time to open all records and see which row that is.
            let whole = try Inspection(database, of: connection, keys: keys, depth: .everything).run()
            throw VaultError.inconsistent(whole.damage)
        }
    }

    /// How many rows ``verify(progress:)`` looks at.
    public func rowCount() throws(VaultError) -> Int {
        let keys = try keys()
        return try connection.read { database in
            let state = try keys.state(StateRow.fetch(database))
            return Int(state.counts.reduce(0, +)) + Int(state.log.last - state.log.first + 1)
        }
    }
}
