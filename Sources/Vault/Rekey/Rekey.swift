internal import GRDB
internal import Sodium
internal import Synchronization

/// A vault on its way from its keys to new ones: each row is read, opened, and sealed anew as what it was, in another
/// database (docs/format.md, "New keys").
///
/// What was there is added up on the way: a vault that is not as its state says is refused, since the new state would
/// vouch for it. Holds some parts of a mebibyte at a time. Used on the vault's executor alone.
final class Rekey {
    private let former: Connection
    private let old: Unlocked
    private let new: Unlocked
    private let random: RandomSource
    private let state: VaultState
    private let transaction: Transaction
    private let progress: (Int, Int) -> Void
    private var digest = StateDigest()
    private var found = [UInt64](repeating: 0, count: VaultState.Table.allCases.count)
    private var rowCount = 0
    private var revoked: [Event.Subject] = []
    private let resealing: Resealing
    /// Where former values pass through.
    private let room = Resealing.Room()

    /// The rows of the vault do not come to what its state says.
    struct Mismatch: Error {}

    /// Secrets that are read and sealed at a time, while those before them are written: at most so many, and no more once their
    /// boxes come to so many bytes. Fewer would have threads wait for each other more often.
    private static let part = (secretCount: 1024, byteCount: 1 << 20)

    /// From the vault behind `former`, to which nobody may write meanwhile, under the keys `old`, into the empty `database`,
    /// under `new`. `progress` is told how many rows are done, and of how many.
    init(
        _ former: Connection, into database: Database, from old: Unlocked, to new: Unlocked, random: RandomSource,
        progress: @escaping (Int, Int) -> Void
    ) throws {
        self.former = former
        self.old = old
        self.new = new
        self.random = random
        self.progress = progress
        state = try former.read { try StateRow.open(with: old, in: $0) }
        transaction = try Transaction.anew(database, keys: new, random: random, from: state)
        resealing = Resealing(from: old, to: new, random: random)
    }

    /// Seals everything anew; what opens the vault is `slot` alone then, and no token is valid. Returns the new state.
    ///
    /// Throws ``Mismatch``, ``VaultError/keysChanged`` where `opened` is no slot any more, ``VaultError/damaged(_:)``.
    func run(from opened: KeySlot, to slot: KeySlot, _ event: ([Event.Subject]) -> Event) throws -> VaultState {
        try VaultRow.insert(old.vault, into: transaction.database)
        try exchangeSlots(opened, for: slot)
        for scope in try former.read(ScopeRow.fetchAll) { try reseal(scope) }
        try refuseUnseen()
        try revokeTokens()
        try resealEvents()
        guard digest == state.digest, found == state.counts else { throw Mismatch() }
        try transaction.log(event(revoked))
        return try transaction.finish()
    }

    private func exchangeSlots(_ opened: KeySlot, for slot: KeySlot) throws {
        let slots = try former.read(KeySlot.fetchAll)
        guard slots.contains(opened) else { throw VaultError.keysChanged }
        for slot in slots {
            guard let slot else { throw VaultError.damaged(.keySlot) }
            take(slot, from: .keySlots)
        }
        try slot.insert(into: transaction)
    }

    private func reseal(_ scope: ScopeRow) throws {
        take(scope, from: .scopes)
        let resealed = try new.resealed(scope, from: old, random: random)
        try resealed.insert(into: transaction)
        try resealing.prepare(scope, resealed)
        let reading = Reading(former, scope.scope)
        var jobs = (0..<resealing.jobCount).map { _ in resealing.begin(in: resealed, reading.next) }
        // The keys must not change under what is still being sealed when this throws.
        defer { for job in jobs { job.wait() } }
        while true {
            let part = try jobs[0].part()
            guard !part.secrets.isEmpty else { return }
            jobs.removeFirst()
            jobs.append(resealing.begin(in: resealed, reading.next))
            try write(part)
        }
    }

    /// The secrets of a scope, some after others.
    private final class Reading: Sendable {
        private let connection: Connection
        private let scope: Identifier
        /// The last sequence that was read.
        private let last = Mutex<Int64>(0)

        init(_ connection: Connection, _ scope: Identifier) {
            self.connection = connection
            self.scope = scope
        }

        /// Those that follow; none when there are no more. Throws ``VaultError``.
        func next() throws -> [SecretRow] {
            try last.withLock { last in
                let secrets = try connection.read {
                    try SecretRow.fetch(
                        in: scope, .metadataAndValue, after: last, limit: part.secretCount, byteCount: part.byteCount,
                        from: $0)
                }
                last = secrets.last?.place.sequence ?? last
                return secrets
            }
        }
    }

    private func write(_ part: Resealing.Part) throws {
        digest.toggle(part.former)
        found[VaultState.Table.secrets.rawValue] += UInt64(part.secrets.count)
        transaction.added(part.digest, of: part.secrets.count, to: .secrets)
        // By index, since to lend a row here is to copy it.
        for index in part.rows.indices {
            do { try part.rows[index].insert(into: transaction.database) } catch VaultError.nameTaken {
                throw Mismatch()
            }
            count()
            // A secret that never had another value has no former ones.
            guard part.secrets[index].place.valueRevision > 1 else { continue }
            try resealVersions(of: part.secrets[index], as: part.rows[index])
        }
    }

    private func resealVersions(of secret: SecretRow, as resealed: SecretRow) throws {
        for version in try former.read({ try VersionRow.fetchAll(of: secret.place.id, from: $0) }) {
            take(version, from: .secretVersions)
            try new.resealed(
                version, of: secret, as: resealed, from: old, through: &room.value, random: random
            ).insert(into: transaction)
        }
    }

    /// Refuses rows that belong to nothing: nobody has come across them.
    private func refuseUnseen() throws {
        for table in [VaultState.Table.scopes, .secrets, .secretVersions] {
            let count = try former.read { try $0.count(table) }
            guard count == found[table.rawValue] else { throw Mismatch() }
        }
    }

    private func revokeTokens() throws {
        for row in try former.read(TokenRow.fetchAll) {
            take(row, from: .tokens)
            let token = try old.token(row)
            revoked.append(.token(token.id, name: token.details.name, vault: old.vault))
        }
    }

    /// The chain begins anew where it began: at the link before the first event that is kept.
    private func resealEvents() throws {
        let log = state.log
        var link = log.base
        var next = log.first
        // Not by `read`, which knows nothing of ``Mismatch``.
        try former.queue.unsafeRead { database in
            try EventRow.forEach(from: .min, in: database) { event in
                guard event.sequence == next else { throw Mismatch() }
                next += 1
                link = old.link(event, after: link)
                try transaction.relog(new.resealed(event, from: old, random: random))
                count()
            }
        }
        guard next == log.last + 1, link == log.head else { throw Mismatch() }
    }

    private func take(_ row: some DigestedRow, from table: VaultState.Table) {
        for fingerprint in row.fingerprints { digest.toggle(old.hash(fingerprint)) }
        found[table.rawValue] += 1
        count()
    }

    private func count() {
        rowCount += 1
        if rowCount.isMultiple(of: 256) { progress(rowCount, Int(clamping: state.rowCount)) }
    }
}
