internal import GRDB
internal import Sodium

/// One write: a SQLite transaction, and the state that is sealed in the end of it.
///
/// Rows go in and out through ``added(_:to:)`` and ``removed(_:from:)``, and events through ``log(_:)``, so that the state
/// says at any time what the tables hold (docs/format.md, "State"). Used on the vault's executor alone.
final class Transaction {
    let database: Database
    let keys: Unlocked
    let random: RandomSource
    private(set) var state: VaultState

    private init(_ database: Database, keys: Unlocked, random: RandomSource, state: VaultState) {
        self.database = database
        self.keys = keys
        self.random = random
        self.state = state
    }

    /// The first transaction of a vault without any rows.
    static func first(_ database: Database, keys: Unlocked, random: RandomSource) throws -> Transaction {
        try first(database, keys: keys, random: random, state: VaultState(markKey: MarkKey(random: random)))
    }

    private static func first(
        _ database: Database, keys: Unlocked, random: RandomSource, state: VaultState
    ) throws -> Transaction {
        let transaction = Transaction(database, keys: keys, random: random, state: state)
        try StateRow.insert(transaction.sealedState(), into: database)
        return transaction
    }

    /// A transaction that goes on from the state that is stored.
    ///
    /// Throws ``VaultError/keysChanged`` where other keys seal it by now, ``VaultError/damaged(_:)`` where the state does not
    /// open, and ``VaultError/rolledBack(_:)`` where it is older than one that was seen before.
    static func next(_ database: Database, keys: Unlocked, random: RandomSource) throws -> Transaction {
        let state = try StateRow.open(with: keys, in: database)
        return Transaction(database, keys: keys, random: random, state: state)
    }

    /// The first transaction of a vault that is written anew, under new `keys`: it goes on from the state `former`, with an
    /// empty log that begins where that one does, and no rows.
    static func anew(
        _ database: Database, keys: Unlocked, random: RandomSource, from former: VaultState
    ) throws -> Transaction {
        var state = former
        state.digest = StateDigest()
        state.counts = VaultState(markKey: former.markKey).counts
        state.log.last = former.log.first - 1
        state.log.head = former.log.base
        return try first(database, keys: keys, random: random, state: state)
    }

    /// Seals the state as this transaction leaves it, and returns it. Nothing may be written afterwards.
    func finish() throws -> VaultState {
        state.epoch += 1
        try StateRow.update(sealedState(), in: database)
        return state
    }

    private func sealedState() -> [UInt8] {
        keys.seal(state, random: random)
    }

    /// Runs `body`; when it throws, the state is as it was before, as the caller's savepoint has the rows be.
    func undoingState<R>(_ body: () throws -> R) throws -> R {
        let before = state
        do { return try body() } catch {
            state = before
            throw error
        }
    }

    /// Counts in a row that was written.
    func added(_ row: some DigestedRow, to table: VaultState.Table) {
        state[table] += 1
        toggle(row)
    }

    /// Counts in `count` rows that were written, which come to `digest`.
    func added(_ digest: StateDigest, of count: Int, to table: VaultState.Table) {
        state[table] += UInt64(count)
        state.digest.toggle(digest)
    }

    /// Counts out a row that was deleted.
    func removed(_ row: some DigestedRow, from table: VaultState.Table) throws {
        // Fewer rows than there were to be: somebody has changed the file.
        guard state[table] > 0 else { throw VaultError.damaged(.file) }
        state[table] -= 1
        toggle(row)
    }

    /// Exchanges a row, or the part of it that changed.
    func replaced(_ old: some DigestedRow, by new: some DigestedRow) {
        toggle(old)
        toggle(new)
    }

    private func toggle(_ row: some DigestedRow) {
        for fingerprint in row.fingerprints { state.digest.toggle(keys.hash(fingerprint)) }
    }

    /// The sequence of a new scope. None is given twice.
    func nextScope() throws -> Int64 { try next(\.lastScope) }
    /// The sequence of a new secret. None is given twice.
    func nextSecret() throws -> Int64 { try next(\.lastSecret) }
    /// The sequence of a new token. None is given twice.
    func nextToken() throws -> Int64 { try next(\.lastToken) }

    /// Notes sequences that rows brought with them from another vault: none is given again.
    func reserve(scope: Int64 = 0, secret: Int64 = 0) {
        state.lastScope = max(state.lastScope, scope)
        state.lastSecret = max(state.lastSecret, secret)
    }

    private func next(_ last: WritableKeyPath<VaultState, Int64>) throws -> Int64 {
        guard state[keyPath: last] < .max else { throw VaultError.damaged(.file) }
        state[keyPath: last] += 1
        return state[keyPath: last]
    }

    /// Adds `event` to the log; as several events where it has more subjects than one holds.
    func log(_ event: Event) throws {
        var rest = event.subjects[...]
        repeat {
            let part = Array(rest.prefix(Event.maximumSubjectCount))
            rest = rest.dropFirst(part.count)
            try append(
                Event(
                    event.kind, by: event.actor, at: event.time, detail: event.detail, number: event.number, part))
        } while !rest.isEmpty
    }

    private func append(_ event: Event) throws {
        let row = keys.newEvent(event, sequence: try next(\.log.last), random: random)
        try row.insert(into: database)
        state.log.head = keys.link(row, after: state.log.head)
    }

    /// Adds an event that was sealed anew, the one after the last.
    func relog(_ row: EventRow) throws {
        let sequence = try next(\.log.last)
        precondition(sequence == row.sequence)
        try row.insert(into: database)
        state.log.head = keys.link(row, after: state.log.head)
    }

    /// Removes the events before `first` from the log, and keeps the link before it as its checkpoint.
    func pruneLog(before first: Int64) throws {
        precondition(first > state.log.first && first <= state.log.last + 1)
        var link = state.log.base
        try EventRow.forEach(from: state.log.first, to: first - 1, in: database) { row in
            link = keys.link(row, after: link)
        }
        try EventRow.delete(before: first, from: database)
        state.log.base = link
        state.log.first = first
    }

    /// Goes on from `epoch`, when that is later: what replaces a vault must not look older than what it replaces.
    func advance(to epoch: UInt64) {
        state.epoch = max(state.epoch, epoch)
    }
}

/// A row that the state's digest takes in: what is hashed of it, in one part or in several that change apart.
protocol DigestedRow {
    var fingerprints: [RowFingerprint] { get }
}
