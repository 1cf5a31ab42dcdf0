public import Sodium

/// What happens to a new secret whose name is taken in its scope.
public enum ConflictPolicy: String, CaseIterable, Sendable {
    /// Nothing at all is stored.
    case fail
    /// The secret that is there stays as it is.
    case skip
    /// The secret that is there gets the new value.
    case replace
    /// The new secret gets a number behind its name: `NAME_2`, or the first that is free.
    case rename
}

/// What became of one of several new secrets.
public enum StoredSecret: Sendable, Equatable {
    /// Stored under its own name.
    case created(SecretMetadata)
    /// Stored under another name, because `name` was taken.
    case renamed(SecretMetadata, from: String)
    /// The secret of this name has its value now.
    case replaced(SecretMetadata)
    /// Not stored: its name was taken.
    case skipped(String)
    /// Not stored, and none of the others either: its name was taken.
    case conflict(String)
}

/// Many secrets at once.
extension Vault {
    /// The values of the secrets `ids`, in this order.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``.
    public func reveal(_ ids: [Identifier]) throws(VaultError) -> SecureList {
        let keys = try keys()
        var values = SecureBuffer(capacity: ids.count * 64)
        var ends: [Int] = []
        try connection.snapshot { database in
            for id in ids {
                guard let row = try SecretRow.fetch(id, .metadataAndValue, from: database) else {
                    throw VaultError.noSuchSecret
                }
                _ = try keys.metadata(row)
                try keys.value(row, appendingTo: &values)
                ends.append(values.count)
            }
        }
        return SecureList(values.finish(), ends: ends)
    }

    /// Stores new secrets of one project, or of the personal scope, in one transaction: all of them, or, when this throws
    /// or one of the results is ``StoredSecret/conflict(_:)``, none.
    ///
    /// `values` are theirs, in the same order; no two have the same name. With `isRehearsal` nothing is stored, and the
    /// results are what would become of each. `progress` is told how many are written. Throws ``VaultError/noSuchProject``, ``VaultError/locked``,
    /// ``VaultError/storage(_:)``.
    public nonisolated func createSecrets(
        _ secrets: [NewSecret], values: SecureList, project: Identifier?, onConflict policy: ConflictPolicy,
        isRehearsal: Bool = false, now: Int64, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(VaultError) -> [StoredSecret] {
        precondition(secrets.count == values.count)
        guard project != id else { throw .noSuchProject }
        let scope = project ?? id
        return try await group.write { database in
            let keys = try self.assumeIsolated { vault in try vault.keys() }
            guard let scope = try ScopeRow.fetch(scope, from: database) else { throw VaultError.noSuchProject }
            var batch = try SecretBatch(scope: scope, keys: keys, random: self.random, database: database, now: now)
            let plan = try batch.plan(secrets, policy)
            guard !isRehearsal, !plan.contains(where: \.isConflict) else { return plan.map(\.result) }
            try values.reading { values in try batch.carryOut(plan, values, progress) }
            return plan.map(\.result)
        }
    }
}
