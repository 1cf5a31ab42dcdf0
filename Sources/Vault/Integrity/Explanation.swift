internal import GRDB

/// Finds which rows a digest that does not hold is about: by the log, which has each row's last revision, and, for former
/// values, by the rule which of them are kept.
///
/// Where events are missing from the log, or do not open, only the numbers of rows are compared. Where it was pruned, rows
/// that it does not speak of any more are left out of account.
struct Explanation {
    private let database: Database
    private let keys: Unlocked
    private let state: VaultState
    private let found: [UInt64]

    private var logged = LoggedSubjects()
    /// How many events could be read; fewer than there should be, and what they say is not the whole truth.
    private var eventCount: Int64 = 0
    private var result: [Damage] = []

    init(_ database: Database, keys: Unlocked, state: VaultState, found: [UInt64]) {
        self.database = database
        self.keys = keys
        self.state = state
        self.found = found
    }

    /// What was found. Throws what SQLite does where rows cannot be read at all.
    func damage() throws -> [Damage] {
        var explanation = self
        try explanation.readLog()
        // A row whose creation or deletion is among the events that are gone would be taken for a forged one.
        if explanation.eventCount == state.log.last - state.log.first + 1 {
            try explanation.compareSecrets()
            try explanation.compareScopesAndTokens()
        }
        try explanation.compareVersions()
        explanation.compareCounts()
        return explanation.result
    }

    private mutating func readLog() throws {
        try EventRow.forEach(from: state.log.first, to: state.log.last, in: database) { row in
            guard let event = try? keys.event(row).event else { return }
            eventCount += 1
            logged.note(event)
        }
    }

    private mutating func compareSecrets() throws {
        try SecretRow.forEach(in: database) { row in
            if case .failure(VaultError.damaged(.secret(let id))) = row { logged.expected[id] = nil }
            guard let place = try? row.get().place else { return }
            guard let subject = logged.expected.removeValue(forKey: place.id) else {
                return noteUnexpected(place.id, .secret(place.id))
            }
            guard subject.metadataRevision != place.metadataRevision || subject.valueRevision != place.valueRevision
            else { return }
            result.append(Damage(.replayed, .secret(place.id)))
        }
    }

    private mutating func compareScopesAndTokens() throws {
        try ScopeRow.forEach(in: database) { row in
            guard let scope = try? row.get().scope, scope != keys.vault else { return }
            if logged.expected.removeValue(forKey: scope) == nil { noteUnexpected(scope, .scope(scope)) }
        }
        try TokenRow.forEach(in: database) { row in
            guard let row = try? row.get() else { return }
            let token = row.token
            if logged.expected.removeValue(forKey: token) == nil { noteUnexpected(token, .token(token)) }
            // The row of a revoked token as it was before: the log knows better.
            if logged.revoked.contains(token), let details = try? keys.token(row).details, details.revokedAt == nil {
                result.append(Damage(.replayed, .token(token)))
            }
        }
        for subject in logged.expected.values {
            let place: Damage.Place =
                switch subject.kind {
                case .secret: .secret(subject.id)
                case .project: .scope(subject.id)
                case .token: .token(subject.id)
                }
            result.append(Damage(.missing, place))
        }
    }

    private mutating func noteUnexpected(_ id: Identifier, _ place: Damage.Place) {
        // What was created before the log begins is none of its business.
        guard logged.gone.contains(id) || state.log.first == 1 else { return }
        result.append(Damage(.added, place))
    }

    /// Of a value with revision *n* the ten before it are kept, and no others.
    private mutating func compareVersions() throws {
        var kept: [Identifier: Set<Int64>] = [:]
        try VersionRow.forEach(in: database) { row in
            guard let place = try? row.get().place else { return }
            kept[place.secret, default: []].insert(place.revision)
        }
        try SecretRow.forEach(in: database) { row in
            guard let place = try? row.get().place, place.valueRevision > 0 else { return }
            let wanted = Set(max(1, place.valueRevision - Int64(SecretVersion.keptCount))..<place.valueRevision)
            let there = kept.removeValue(forKey: place.id) ?? []
            result += wanted.subtracting(there).sorted().map { Damage(.missing, .version(place.id, $0)) }
            result += there.subtracting(wanted).sorted().map { Damage(.added, .version(place.id, $0)) }
        }
        for (secret, revisions) in kept {
            result += revisions.sorted().map { Damage(.added, .version(secret, $0)) }
        }
    }

    /// Tells of each table that has fewer or more rows than it should, where nothing was said of its rows before.
    private mutating func compareCounts() {
        for table in VaultState.Table.allCases {
            let (is_, should) = (found[table.rawValue], state[table])
            guard is_ != should, !result.contains(where: { $0.place.table == table }) else { continue }
            let place = Damage.Place.rows(table: table.name, count: max(is_, should) - min(is_, should))
            result.append(Damage(is_ < should ? .missing : .added, place))
        }
    }
}

extension Damage.Place {
    /// The table that the place is in, where it is one that the state counts.
    fileprivate var table: VaultState.Table? {
        switch self {
        case .keySlot: .keySlots
        case .scope: .scopes
        case .secret: .secrets
        case .version: .secretVersions
        case .token: .tokens
        case .file, .rows, .event, .unknown: nil
        }
    }
}
