internal import GRDB
internal import Sodium

/// Carries what still opens of a damaged vault over into a new one, sealed anew under its keys.
///
/// Each seal tells whether a row is genuine, so nothing else about the file needs to be believed: neither its state nor its
/// tables' structure. Used on the new vault's executor alone.
final class Salvage {
    /// The vault that is being made.
    struct Target {
        let connection: Connection
        let keys: Unlocked
        let random: RandomSource
        /// The event that tells of it, about these.
        let event: ([Event.Subject]) -> Event
    }

    private let tables: DamagedTables
    private let keys: Unlocked
    private let target: Target
    private let progress: (Int, Int) -> Void
    private let log: SalvageLog
    private let state: VaultState?
    private var report = SalvageReport()
    /// The scopes whose keys open, and the rows that they have in the new vault.
    private var scopes: [Identifier: (old: ScopeRow, new: ScopeRow)] = [:]
    private var batch: [SalvagedSecret] = []
    /// The secrets that were found, whatever became of them.
    private var found: Set<Identifier> = []
    private let sealing: SecretSalvage

    /// Secrets that are written in one transaction: as many as one event of the log can be about.
    private static let batchCount = Event.maximumSubjectCount

    init(
        _ tables: DamagedTables, _ keys: Unlocked, to target: Target, progress: @escaping (Int, Int) -> Void
    ) {
        self.tables = tables
        self.keys = keys
        self.target = target
        self.progress = progress
        state = tables.has("state") ? try? keys.state(StateRow.fetch(tables.database)) : nil
        log = SalvageLog(tables, keys, state: state)
        sealing = SecretSalvage(tables, from: keys, to: target.keys, random: target.random)
        report.isLogWhole = log.isWhole
    }

    /// Carries everything over. Throws what writing to the new vault does.
    ///
    /// `begin` writes the first rows of the new vault.
    func run(_ begin: (Transaction) throws -> Void) throws -> SalvageReport {
        try carryScopes(begin)
        let unreadable = try tables.forEachRow(of: .secrets) { try carry($0) }
        try flush()
        noteUnreadable(unreadable)
        noteMissing()
        report.tokenCount = tables.has("tokens") ? (try? tables.database.count(.tokens)) ?? 0 : 0
        report.saved.sort { $0.sequence < $1.sequence }
        return report
    }

    // MARK: Scopes

    private func carryScopes(_ begin: (Transaction) throws -> Void) throws {
        var personal = ScopeDetails(name: "", createdAt: target.event([]).time)
        var projects: [(row: ScopeRow, details: ScopeDetails)] = []
        var rows: [Identifier: ScopeRow] = [:]
        _ = tables.forEachRow(of: .scopes) { row in
            guard let row = try? ScopeRow(row), rows[row.scope] == nil else { return }
            guard (try? keys.scope(row.scope, wrapped: row.wrappedKey)) != nil else {
                return note(.altered, .scope(row.scope))
            }
            rows[row.scope] = row
            let details = try? keys.details(row)
            if row.scope == keys.vault { return personal = details ?? personal }
            if details == nil { note(.altered, .scope(row.scope)) }
            let name = log.subjects.expected[row.scope]?.name ?? "Salvaged"
            projects.append((row, details ?? ScopeDetails(name: name, createdAt: personal.createdAt)))
        }
        projects.sort { $0.row.sequence < $1.row.sequence }
        report.projectCount = projects.count
        try target.connection.writeFirst(with: target.keys, target.random) { transaction in
            try begin(transaction)
            for (row, details) in projects {
                let new = target.keys.newScope(row.scope, details, sequence: row.sequence, random: target.random)
                try new.insert(into: transaction)
                transaction.reserve(scope: row.sequence)
                scopes[row.scope] = (row, new)
            }
            let sequence = try rows[keys.vault]?.sequence ?? transaction.nextScope()
            let new = target.keys.newScope(target.keys.vault, personal, sequence: sequence, random: target.random)
            try new.insert(into: transaction)
            transaction.reserve(scope: sequence)
            if let row = rows[keys.vault] { scopes[keys.vault] = (row, new) }
            try transaction.log(
                target.event(projects.map { .project($0.row.scope, $0.details, vault: target.keys.vault) }))
        }
    }

    // MARK: Secrets

    private func carry(_ row: StoredRow) throws {
        guard let id = try? row.id(1) else { return }
        guard !log.subjects.gone.contains(id) else { return report.deletedCount += 1 }
        guard found.insert(id).inserted else { return }
        guard let scope = try? scopes[row.id(2)], let secret = sealing.secret(row, scope) else {
            return note(.altered, .secret(id))
        }
        for damage in secret.lostVersions { note(damage.kind, damage.place) }
        // There is a later one, which only the log knows of.
        if let logged = log.subjects.expected[id], logged.metadataRevision > secret.oldRevision {
            note(.replayed, .secret(id))
        }
        batch.append(secret)
        if batch.count == Self.batchCount { try flush() }
    }

    private func flush() throws {
        guard !batch.isEmpty else { return }
        var saved: [SalvagedSecret] = []
        try target.connection.write(with: target.keys, target.random) { transaction in
            for secret in batch {
                do { try secret.insert(into: transaction) } catch VaultError.nameTaken {
                    note(.added, .secret(secret.metadata.id))
                    continue
                }
                saved.append(secret)
            }
            try transaction.log(target.event(saved.map { .secret($0.metadata, $0.row.place) }))
        }
        batch = []
        report.saved += saved.map { secret in
            SalvageReport.Saved(
                id: secret.metadata.id, name: secret.metadata.name,
                project: secret.metadata.scope == target.keys.vault ? nil : secret.metadata.scope,
                versionCount: secret.versions.count, sequence: secret.row.place.sequence)
        }
        if let total = state?[.secrets] { progress(report.saved.count, Int(clamping: total)) }
    }

    // MARK: What is lost

    private func note(_ kind: Damage.Kind, _ place: Damage.Place) {
        let id: Identifier? =
            switch place {
            case .secret(let id), .scope(let id), .version(let id, _): id
            default: nil
            }
        let name = id.flatMap { log.subjects.expected[$0] }?.name ?? ""
        report.lost.append(SalvageReport.Lost(damage: Damage(kind, place), name: name))
    }

    /// Rows that an index knows of, and that cannot be read.
    private func noteUnreadable(_ sequences: [Int64]) {
        guard !sequences.isEmpty else { return }
        let ids = tables.secretIDs()
        for sequence in sequences.sorted() {
            guard let id = ids[sequence], !log.subjects.gone.contains(id), found.insert(id).inserted else { continue }
            note(.altered, .secret(id))
        }
    }

    /// What the log and the state say there must be.
    private func noteMissing() {
        let missing = log.subjects.expected.values.filter { subject in
            switch subject.kind {
            case .secret: !found.contains(subject.id)
            case .project: scopes[subject.id] == nil && !report.lost.contains { $0.damage.place == .scope(subject.id) }
            case .token: false
            }
        }
        for subject in missing.sorted(by: { ($0.name, $0.id.description) < ($1.name, $1.id.description) }) {
            if subject.kind == .secret { found.insert(subject.id) }
            note(.missing, subject.kind == .secret ? .secret(subject.id) : .scope(subject.id))
        }
        if let count = state?[.secrets], count > found.count {
            note(.missing, .rows(table: "secrets", count: count - UInt64(found.count)))
        }
    }
}
