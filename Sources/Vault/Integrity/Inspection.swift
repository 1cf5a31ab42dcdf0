internal import GRDB
internal import Sodium

/// One look at all rows of a vault, in one snapshot: every seal, every padding, the digest, the counts, the chain.
///
/// Holds one row at a time. Used on the vault's executor alone.
final class Inspection {
    /// How much is looked at.
    enum Depth {
        /// The chain alone, and each event.
        case log
        /// The file's structure, the digest, the counts and the chain: enough to tell that something is wrong.
        case sums
        /// And every record is opened, every value among them.
        case everything
    }

    private let keys: Unlocked
    private let connection: Connection
    private let database: Database
    private let state: VaultState
    private let depth: Depth
    private let progress: (Int) -> Void
    private var digest = StateDigest()
    private var found = [UInt64](repeating: 0, count: VaultState.Table.allCases.count)
    private var result = Verification()
    /// The rows looked at so far, of all tables.
    private var rowCount = 0
    /// Where values are opened, one after the other.
    private let room = Room()

    private final class Room {
        var value = SecureBuffer(capacity: 64 << 10)
    }

    /// A look at what `connection` reads through `database`.
    init(
        _ database: Database, of connection: Connection, keys: Unlocked, depth: Depth,
        progress: @escaping (Int) -> Void = { _ in }
    ) throws {
        self.database = database
        self.connection = connection
        self.keys = keys
        self.depth = depth
        self.progress = progress
        state = try StateRow.open(with: keys, in: database)
    }

    /// Looks at everything. Throws only what SQLite does where rows cannot be read at all.
    func run() throws -> Verification {
        result.epoch = state.epoch
        guard depth != .log else {
            try checkLog()
            return result
        }
        let structure = StructureCheck(of: connection)
        try checkKeySlots()
        try checkScopes()
        try checkSecrets()
        try checkVersions()
        try checkTokens()
        try checkLog()
        if try !structure.wait() { result.damage.insert(Damage(.altered, .file), at: 0) }
        if digest != state.digest || found != state.counts {
            let explanation = try Explanation(database, keys: keys, state: state, found: found).damage()
            for damage in explanation where !result.damage.contains(damage) { result.damage.append(damage) }
            // An altered row explains the sums too; else it is only known that they do not hold.
            if result.damage.isEmpty { result.damage.append(Damage(.replayed, .unknown)) }
        }
        return result
    }

    private func checkKeySlots() throws {
        for (number, slot) in try KeySlot.fetchNumbered(database) {
            guard let slot else {
                result.damage.append(Damage(.altered, number.map { .keySlot($0) } ?? .unknown))
                found[VaultState.Table.keySlots.rawValue] += 1
                continue
            }
            take(slot, from: .keySlots)
            result.counts.keySlots += 1
        }
    }

    private func checkScopes() throws {
        try eachRow(.scopes, ScopeRow.forEach(in:_:)) { row in
            self.result.counts.scopes += 1
            self.open(.scope(row.scope)) { keys in _ = try keys.details(row) }
        }
    }

    private func checkSecrets() throws {
        try eachRow(.secrets, SecretRow.forEach(in:_:)) { row in
            self.result.counts.secrets += 1
            self.openWithValue(.secret(row.place.id)) { keys, value in
                _ = try keys.metadata(row)
                try keys.value(row, appendingTo: &value)
            }
        }
    }

    private func checkVersions() throws {
        let database = database
        try eachRow(.secretVersions, VersionRow.forEach(in:_:)) { row in
            self.result.counts.versions += 1
            self.openWithValue(.version(row.place.secret, row.place.revision)) { keys, value in
                let secret = try SecretRow.existing(row.place.secret, .metadata, from: database)
                _ = try keys.version(row, of: secret)
                try keys.value(row, of: secret, appendingTo: &value)
            }
        }
    }

    private func checkTokens() throws {
        try eachRow(.tokens, TokenRow.forEach(in:_:)) { row in
            self.result.counts.tokens += 1
            self.open(.token(row.token)) { keys in _ = try keys.token(row) }
        }
    }

    /// Looks at each row of a table; what cannot even be read as a row counts as an altered one.
    private func eachRow<R: DigestedRow>(
        _ table: VaultState.Table,
        _ forEach: @escaping (Database, (Result<R, any Error>) throws -> Void) throws -> Void,
        _ body: (R) -> Void
    ) throws {
        var unreadable: UInt64 = 0
        try forEach(database) { row in
            switch row {
            case .success(let row):
                take(row, from: table)
                body(row)
            case .failure(VaultError.damaged(.secret(let id))):
                found[table.rawValue] += 1
                result.damage.append(Damage(.altered, .secret(id)))
            case .failure: unreadable += 1
            }
        }
        guard unreadable > 0 else { return }
        found[table.rawValue] += unreadable
        result.damage.append(Damage(.altered, .rows(table: table.name, count: unreadable)))
    }

    private func take(_ row: some DigestedRow, from table: VaultState.Table) {
        for fingerprint in row.fingerprints { digest.toggle(keys.hash(fingerprint)) }
        found[table.rawValue] += 1
        rowCount += 1
        if rowCount.isMultiple(of: 256) { progress(rowCount) }
    }

    private func open(_ place: Damage.Place, _ body: (Unlocked) throws -> Void) {
        guard depth != .sums else { return }
        do { try body(keys) } catch { result.damage.append(Damage(.altered, place)) }
    }

    private func openWithValue(
        _ place: Damage.Place, _ body: (Unlocked, inout SecureBuffer) throws -> Void
    ) {
        open(place) { keys in
            defer { room.value.truncate(to: 0) }
            try body(keys, &room.value)
        }
    }

    /// Follows the chain from the checkpoint to the last event, and finds gaps, and events beyond its ends.
    private func checkLog() throws {
        var link = state.log.base
        var expected = state.log.first
        try EventRow.forEach(from: .min, in: database) { row in
            rowCount += 1
            if rowCount.isMultiple(of: 256) { progress(rowCount) }
            // One that is not behind the one before has its place in a file whose structure is damaged, and no other.
            guard row.sequence >= expected, row.sequence <= state.log.last else {
                return result.damage.append(Damage(.added, .event(row.sequence)))
            }
            noteGap(expected..<row.sequence)
            expected = row.sequence + 1
            link = keys.link(row, after: link)
            result.counts.events += 1
            open(.event(row.sequence)) { keys in _ = try keys.event(row) }
        }
        noteGap(expected..<max(expected, state.log.last + 1))
        let isExplained = result.damage.contains { if case .event = $0.place { true } else { false } }
        if link != state.log.head, !isExplained {
            result.damage.append(Damage(.replayed, .rows(table: "events", count: 1)))
        }
    }

    private func noteGap(_ sequences: Range<Int64>) {
        switch sequences.count {
        case 0: return
        case 1...16: result.damage += sequences.map { Damage(.missing, .event($0)) }
        default: result.damage.append(Damage(.missing, .rows(table: "events", count: UInt64(sequences.count))))
        }
    }
}
