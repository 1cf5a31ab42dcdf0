internal import GRDB
internal import Sodium

/// A vault on its way from its keys to new ones, within one transaction: each row is read, opened, and sealed anew in its
/// place (docs/format.md, "New keys").
///
/// What was there is added up on the way: a vault that is not as its state says is refused, since the new state would
/// vouch for it. Holds some hundred rows at a time. Used on the vault's queue alone.
final class Rekey {
    private let database: Database
    private let old: Unlocked
    private let new: Unlocked
    private let random: RandomSource
    private let state: VaultState
    private let transaction: Transaction
    private let progress: (Int) -> Void
    private var digest = StateDigest()
    private var found = [UInt64](repeating: 0, count: VaultState.Table.allCases.count)
    private var rowCount = 0
    private var revoked: [Event.Subject] = []
    private let resealing: Resealing
    /// Where former values pass through.
    private let room = Resealing.Room()

    /// The rows of the vault do not come to what its state says.
    struct Mismatch: Error {}

    /// Secrets that are read before any of them is written: SQLite does not say what a cursor sees of rows that change
    /// under it.
    private static let secretCount = 256
    /// The same for events, which may have 1,000 subjects.
    private static let eventCount: Int64 = 32

    /// From the keys `old` to `new`. `progress` is told how many rows are done.
    init(
        _ database: Database, from old: Unlocked, to new: Unlocked, random: RandomSource,
        progress: @escaping (Int) -> Void
    ) throws {
        self.database = database
        self.old = old
        self.new = new
        self.random = random
        self.progress = progress
        state = try StateRow.open(with: old, in: database)
        transaction = Transaction.anew(database, keys: new, random: random, from: state)
        resealing = Resealing(from: old, to: new, random: random)
    }

    /// Seals everything anew; what opens the vault is `slot` alone then, and no token is valid. Returns the new state.
    ///
    /// Throws ``Mismatch``, ``VaultError/keysChanged`` where `opened` is no slot any more, ``VaultError/damaged(_:)``.
    func run(from opened: KeySlot, to slot: KeySlot, _ event: ([Event.Subject]) -> Event) throws -> VaultState {
        try exchangeSlots(opened, for: slot)
        var last: Int64 = 0
        while let scope = try ScopeRow.first(after: last, in: database) {
            try reseal(scope)
            last = scope.sequence
        }
        try refuseUnseen()
        try revokeTokens()
        try resealEvents()
        guard digest == state.digest, found == state.counts else { throw Mismatch() }
        try transaction.log(event(revoked))
        return try transaction.finish()
    }

    private func exchangeSlots(_ opened: KeySlot, for slot: KeySlot) throws {
        let slots = try KeySlot.fetchAll(database)
        guard slots.contains(opened) else { throw VaultError.keysChanged }
        for slot in slots {
            guard let slot else { throw VaultError.damaged(.keySlot) }
            take(slot, from: .keySlots)
        }
        try KeySlot.deleteAll(from: database)
        try slot.insert(into: transaction)
    }

    private func reseal(_ scope: ScopeRow) throws {
        take(scope, from: .scopes)
        let resealed = try new.resealed(scope, from: old, random: random)
        try resealing.prepare(scope, resealed)
        var last: Int64 = 0
        var job: Resealing.Job?
        // The keys must not change under what is still being sealed when this throws.
        defer { job?.wait() }
        while true {
            var secrets: [SecretRow] = []
            // The scope's own row still has the key that the secrets are sealed under.
            try SecretRow.forEach(
                in: scope.scope, .metadataAndValue, after: last, limit: Self.secretCount, from: database
            ) { secrets.append($0) }
            last = secrets.last?.place.sequence ?? last
            let sealed = job
            // One at a time: the rooms are its own.
            sealed?.wait()
            job = secrets.isEmpty ? nil : resealing.begin(secrets, in: resealed)
            if let sealed { try write(sealed) }
            if job == nil { break }
        }
        try resealed.replace(in: transaction)
    }

    private func write(_ job: Resealing.Job) throws {
        let part = try job.part()
        digest.toggle(part.former)
        found[VaultState.Table.secrets.rawValue] += UInt64(job.secrets.count)
        transaction.added(part.digest, of: job.secrets.count, to: .secrets)
        for (secret, resealed) in zip(job.secrets, part.rows) {
            try resealed.replace(in: database)
            count()
            // A secret that never had another value has no former ones.
            if secret.place.valueRevision > 1 { try resealVersions(of: secret, as: resealed) }
        }
    }

    private func resealVersions(of secret: SecretRow, as resealed: SecretRow) throws {
        for version in try VersionRow.fetchAll(of: secret.place.id, from: database) {
            take(version, from: .secretVersions)
            try new.resealed(
                version, of: secret, as: resealed, from: old, through: &room.value, random: random
            ).replace(in: transaction)
        }
    }

    /// Refuses rows that belong to nothing: nobody has come across them.
    private func refuseUnseen() throws {
        for table in [VaultState.Table.scopes, .secrets, .secretVersions] {
            guard try VaultRow.count(table.name, in: database) == found[table.rawValue] else { throw Mismatch() }
        }
    }

    private func revokeTokens() throws {
        try TokenRow.forEach(in: database) { row in
            let row = try row.get()
            take(row, from: .tokens)
            let token = try old.token(row)
            revoked.append(.token(token.id, name: token.details.name, vault: old.vault))
        }
        try TokenRow.deleteAll(from: database)
    }

    /// The chain begins anew where it began: at the link before the first event that is kept.
    private func resealEvents() throws {
        let log = state.log
        guard try VaultRow.count("events", in: database) == Int(clamping: log.last - log.first + 1) else {
            throw Mismatch()
        }
        var link = log.base
        var next = log.first
        while next <= log.last {
            var events: [EventRow] = []
            let end = min(next + Self.eventCount - 1, log.last)
            try EventRow.forEach(from: next, to: end, in: database) { events.append($0) }
            guard events.map(\.sequence) == Array(next...end) else { throw Mismatch() }
            for event in events {
                link = old.link(event, after: link)
                let resealed = try new.resealed(event, from: old, random: random)
                try resealed.replace(in: database)
                try transaction.relogged(resealed)
                count()
            }
            next = end + 1
        }
        guard link == log.head else { throw Mismatch() }
    }

    private func take(_ row: some DigestedRow, from table: VaultState.Table) {
        for fingerprint in row.fingerprints { digest.toggle(old.hash(fingerprint)) }
        found[table.rawValue] += 1
        count()
    }

    private func count() {
        rowCount += 1
        if rowCount.isMultiple(of: 256) { progress(rowCount) }
    }
}
