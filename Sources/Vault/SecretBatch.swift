internal import Sodium

/// New secrets on their way into one scope, within one transaction: first what is to become of each, then the writing.
struct SecretBatch {
    /// What is to become of one secret.
    struct Step {
        let result: StoredSecret
        /// The row that is written, sealed but for its value; nil where nothing is.
        var row: SecretRow?

        var isConflict: Bool { if case .conflict = result { true } else { false } }
    }

    private let scope: ScopeRow
    private let scopeKeys: ScopeKeys
    private let keys: Unlocked
    private let random: RandomSource
    private let database: Transaction
    private let now: Int64
    private var nextSequence: Int64
    private var namesToCome: Set<String> = []

    /// The greatest length of a name in characters (docs/format.md, "Records").
    private static let maximumNameLength = 128

    init(
        scope: ScopeRow, keys: Unlocked, random: RandomSource, database: Transaction, now: Int64
    ) throws {
        self.scope = scope
        self.keys = keys
        self.random = random
        self.database = database
        self.now = now
        scopeKeys = try keys.scope(scope.scope, wrapped: scope.wrappedKey)
        nextSequence = try database.nextSequence(in: "secrets")
    }

    /// What is to become of each of `secrets`, in order. Nothing is written.
    mutating func plan(_ secrets: [NewSecret], _ policy: ConflictPolicy) throws -> [Step] {
        namesToCome = Set(secrets.map(\.name))
        return try secrets.map { secret in
            guard let taken = try row(named: secret.name) else { return try create(secret, secret.name) }
            switch policy {
            case .fail: return Step(result: .conflict(secret.name))
            case .skip: return Step(result: .skipped(secret.name))
            case .replace: return try replace(taken, secret)
            case .rename: return try create(secret, freeName(for: secret.name))
            }
        }
    }

    /// Writes what was planned; `values` are those of its steps.
    func carryOut(_ plan: [Step], _ values: SecureList, _ progress: (Int) -> Void) throws {
        for (index, step) in plan.enumerated() {
            guard var row = step.row else { continue }
            try values.withUnsafeBytes(at: index) { try keys.seal($0, into: &row, random: random) }
            if case .replaced = step.result { try row.update(in: database) } else { try row.insert(into: database) }
            progress(index + 1)
        }
    }

    private mutating func create(_ secret: NewSecret, _ name: String) throws -> Step {
        let metadata = SecretMetadata(
            id: Identifier(random: random), scope: scope.scope, name: name, mask: secret.mask,
            defaultAvailable: secret.defaultAvailable, createdByAgent: secret.createdByAgent,
            createdAt: now, updatedAt: now)
        // No key vouches for SQLite's own counter, so it may say anything.
        guard nextSequence < .max else { throw VaultError.damaged(.file) }
        var row = SecretRow(new: metadata.id, in: scope, sequence: nextSequence)
        nextSequence += 1
        try keys.seal(metadata, into: &row, random: random)
        return Step(
            result: name == secret.name ? .created(metadata) : .renamed(metadata, from: secret.name), row: row)
    }

    private func replace(_ taken: SecretRow, _ secret: NewSecret) throws -> Step {
        var row = taken
        var metadata = try keys.metadata(taken)
        metadata.mask = secret.mask
        metadata.updatedAt = now
        metadata.defaultAvailable = metadata.defaultAvailable || secret.defaultAvailable
        row.place.metadataRevision += 1
        row.place.valueRevision += 1
        try keys.seal(metadata, into: &row, random: random)
        return Step(result: .replaced(metadata), row: row)
    }

    /// `name` with the first number behind it that neither the scope nor the batch has, cut so that both fit.
    private mutating func freeName(for name: String) throws -> String {
        var number = 2
        while true {
            let suffix = "_\(number)"
            let candidate = String(name.prefix(Self.maximumNameLength - suffix.utf8.count)) + suffix
            if !namesToCome.contains(candidate), try row(named: candidate) == nil {
                namesToCome.insert(candidate)
                return candidate
            }
            number += 1
        }
    }

    private func row(named name: String) throws -> SecretRow? {
        try SecretRow.fetch(nameTag: scopeKeys.nameTag(name), scope: scope.scope, .metadata, from: database)
    }
}
