/// The vault's proof of itself (docs/format.md, "State").
extension Vault {
    /// Looks at the whole file: SQLite's structure, every seal, every padding, the state, the chain through the log.
    ///
    /// `progress` is told how many rows were looked at, and of how many. Changes nothing. Throws
    /// ``VaultError/locked``, ``VaultError/damaged(_:)`` where the state itself does not open, ``VaultError/storage(_:)``.
    public func verify(progress: @escaping (Int, Int) -> Void = { _, _ in }) throws(VaultError) -> Verification {
        try connection.verify(with: keys(), progress)
    }

    /// Whether SQLite finds nothing wrong with the structure of the file: what can be known without a key.
    ///
    /// Takes time with the size of the vault. Throws ``VaultError/storage(_:)``.
    public func isStructureSound() throws(VaultError) -> Bool {
        try StructureCheck(of: connection).wait()
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
}

extension Connection {
    /// Looks at everything, with `keys`; `progress` is told how many rows were looked at, and of how many.
    func verify(
        with keys: Unlocked, _ progress: @escaping (Int, Int) -> Void
    ) throws(VaultError) -> Verification {
        try snapshot { database in
            let total = Int(clamping: try StateRow.open(with: keys, in: database).rowCount)
            let inspection = try Inspection(
                database, of: self, keys: keys, depth: .everything, progress: { progress($0, total) })
            return try inspection.run()
        }
    }
}

extension VaultState {
    /// How many rows there are to look at.
    var rowCount: UInt64 { counts.reduce(0, &+) &+ UInt64(bitPattern: log.last &- log.first &+ 1) }
}
