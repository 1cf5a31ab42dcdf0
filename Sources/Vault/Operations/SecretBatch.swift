internal import Sodium

/// New secrets on their way into one scope, within one transaction: first what is to become of each, then the writing.
struct SecretBatch {
    /// What is to become of one secret.
    struct Step {
        let result: StoredSecret
        let action: Action

        var isConflict: Bool { if case .conflict = result { true } else { false } }
    }

    /// What is to be written for it.
    enum Action {
        case nothing
        case insert(SecretMetadata)
        case replace(Identifier, NewSecret)
    }

    private let scope: ScopeRow
    private let scopeKeys: ScopeKeys
    private let transaction: Transaction
    private let now: Int64
    private var namesToCome: Set<String> = []

    /// The greatest length of a name in characters (docs/format.md, "Records").
    private static let maximumNameLength = 128

    init(scope: ScopeRow, transaction: Transaction, now: Int64) throws {
        self.scope = scope
        self.transaction = transaction
        self.now = now
        scopeKeys = try transaction.keys.scope(scope.scope, wrapped: scope.wrappedKey)
    }

    /// What is to become of each of `secrets`, in order. Nothing is written.
    mutating func plan(_ secrets: [NewSecret], _ policy: ConflictPolicy) throws -> [Step] {
        namesToCome = Set(secrets.map(\.name))
        return try secrets.map { secret in
            guard let taken = try row(named: secret.name) else { return create(secret, secret.name) }
            switch policy {
            case .fail: return Step(result: .conflict(secret.name), action: .nothing)
            case .skip: return Step(result: .skipped(secret.name), action: .nothing)
            case .replace: return try replace(taken, secret)
            case .rename: return create(secret, try freeName(for: secret.name))
            }
        }
    }

    /// Writes what was planned; `values` are those of its steps. Returns what was written, as the log has it.
    func carryOut(
        _ plan: [Step], _ values: SecureList, _ progress: (Int) -> Void
    ) throws -> [Event.Subject] {
        var subjects: [Event.Subject] = []
        for (index, step) in plan.enumerated() {
            switch step.action {
            case .nothing: continue
            case .insert(let metadata): subjects.append(try insert(metadata, values, index))
            case .replace(let id, let secret): subjects.append(try replace(id, secret, values, index))
            }
            progress(index + 1)
        }
        return subjects
    }

    private func create(_ secret: NewSecret, _ name: String) -> Step {
        let metadata = SecretMetadata(
            id: Identifier(random: transaction.random), scope: scope.scope, name: name, mask: secret.mask,
            defaultAvailable: secret.defaultAvailable, createdByAgent: secret.createdByAgent,
            createdAt: now, updatedAt: now)
        return Step(
            result: name == secret.name ? .created(metadata) : .renamed(metadata, from: secret.name),
            action: .insert(metadata))
    }

    private func insert(_ metadata: SecretMetadata, _ values: SecureList, _ index: Int) throws -> Event.Subject {
        var row = SecretRow(new: metadata.id, in: scope, sequence: try transaction.nextSecret())
        try transaction.keys.seal(metadata, into: &row, random: transaction.random)
        try values.withUnsafeBytes(at: index) {
            try transaction.keys.seal($0, into: &row, random: transaction.random)
        }
        try row.insert(into: transaction)
        return .secret(metadata, row.place)
    }

    private func replace(_ taken: SecretRow, _ secret: NewSecret) throws -> Step {
        var metadata = try transaction.keys.metadata(taken)
        metadata.mask = secret.mask
        metadata.updatedAt = now
        metadata.defaultAvailable = metadata.defaultAvailable || secret.defaultAvailable
        return Step(result: .replaced(metadata), action: .replace(metadata.id, secret))
    }

    private func replace(
        _ id: Identifier, _ secret: NewSecret, _ values: SecureList, _ index: Int
    ) throws -> Event.Subject {
        let old = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
        let (metadata, row) = try Vault.replaceValue(
            of: old, mask: secret.mask, now: now, in: transaction,
            change: { $0.defaultAvailable = $0.defaultAvailable || secret.defaultAvailable }
        ) { row in
            try values.withUnsafeBytes(at: index) {
                try transaction.keys.seal($0, into: &row, random: transaction.random)
            }
        }
        return .secret(metadata, row.place)
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
        try SecretRow.fetch(nameTag: scopeKeys.nameTag(name), scope: scope.scope, .metadata, from: transaction.database)
    }
}
