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
    /// Stores new secrets of one project, or of the personal scope, in one transaction: all of them, or, when this throws
    /// or one of the results is ``StoredSecret/conflict(_:)``, none.
    ///
    /// `values` are theirs, in the same order; no two have the same name. With `isRehearsal` nothing is stored, and the
    /// results are what would become of each. `progress` is told how many are written. Throws ``VaultError/noSuchProject``, ``VaultError/locked``,
    /// ``VaultError/storage(_:)``.
    public nonisolated func createSecrets(
        _ secrets: [NewSecret], values: SecureList, project: Identifier?, onConflict policy: ConflictPolicy,
        isRehearsal: Bool = false, by actor: Actor, now: Int64, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(VaultError) -> [StoredSecret] {
        precondition(secrets.count == values.count)
        let scope = try scope(project)
        return try await write { transaction in
            guard let scope = try ScopeRow.fetch(scope, from: transaction.database) else {
                throw VaultError.noSuchProject
            }
            var batch = try SecretBatch(scope: scope, transaction: transaction, now: now)
            let plan = try batch.plan(secrets, policy)
            guard !isRehearsal, !plan.contains(where: \.isConflict) else { return plan.map(\.result) }
            let subjects = try values.reading { values in try batch.carryOut(plan, values, progress) }
            if !subjects.isEmpty { try transaction.log(Event(.imported, by: actor, at: now, subjects)) }
            return plan.map(\.result)
        }
    }
}
