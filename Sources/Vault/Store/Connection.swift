internal import GRDB
internal import Sodium

/// One SQLite connection to a vault, set up as docs/format.md asks and checked to be so.
///
/// Blocks its caller, for the length of a disk sync where it writes: only ever called on the vault's executor.
struct Connection: Sendable {
    let queue: DatabaseQueue

    /// How long a write waits for another process's, in seconds. A write takes milliseconds.
    private static let busyTimeout = 10.0

    /// Pages, of 4 KiB, that the log may have before it is moved into the file: 16 MiB. A write touches pages all over
    /// the indices, and the more of them a move takes at once, the fewer it writes twice.
    static let checkpointPageCount = 4000

    /// Opens the vault in `file`, which has passed ``VaultFile/check()``.
    ///
    /// Throws ``VaultError/newerSchema(_:)``, ``VaultError/damaged(_:)`` and ``VaultError/storage(_:)``.
    static func open(_ file: VaultFile) throws(VaultError) -> Connection {
        file.matchModes()
        // The log may say otherwise than the file, which was checked. A connection that may write would move the log into
        // the file when it closes, even one that then refuses.
        if file.hasLog { try refuseNewer(file) }
        return try connect(file) { queue in
            let version = try schemaVersion(queue)
            guard version <= Schema.version else { throw VaultError.newerSchema(version) }
            // A vault is published whole, so one without its tables has lost them.
            guard version > 0 else { throw VaultError.damaged(.file) }
            if version < Schema.version { try Schema.migrator.migrate(queue) }
            try queue.unsafeRead(Schema.check)
            try setJournalMode(queue)
        }
    }

    private static func refuseNewer(_ file: VaultFile) throws(VaultError) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeout)
        try VaultError.mapping {
            let version = try schemaVersion(DatabaseQueue(path: file.path, configuration: configuration))
            guard version <= Schema.version else { throw VaultError.newerSchema(version) }
        }
    }

    private static func schemaVersion(_ queue: DatabaseQueue) throws -> Int {
        try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    }

    /// Makes the empty `draft` a database with the current schema.
    static func create(_ draft: VaultFile) throws(VaultError) -> Connection {
        try connect(draft) { queue in
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA application_id = \(VaultFile.applicationID)")
            }
            try setJournalMode(queue)
            try Schema.migrator.migrate(queue)
        }
    }

    static func connect(
        _ file: VaultFile, _ body: (DatabaseQueue) throws -> Void
    ) throws(VaultError) -> Connection {
        var configuration = Configuration()
        configuration.label = "vault"
        configuration.busyMode = .timeout(busyTimeout)
        configuration.foreignKeysEnabled = true
        return try VaultError.mapping {
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            // Set on the open connection, because GRDB's own set-up would lower `synchronous` again, and read back,
            // because SQLite answers a pragma it does not follow with silence.
            try queue.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL;
                        PRAGMA secure_delete = ON;
                        PRAGMA trusted_schema = OFF;
                        PRAGMA wal_autocheckpoint = \(checkpointPageCount)
                        """)
                guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
                    throw DatabaseError(resultCode: .SQLITE_MISUSE)
                }
            }
            try body(queue)
            return Connection(queue: queue)
        }
    }

    /// Write-ahead logging, which SQLite remembers in the file: nothing happens where it is set already.
    private static func setJournalMode(_ queue: DatabaseQueue) throws {
        let mode = try queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode = WAL") }
        guard mode == "wal" else { throw VaultError.storage(.readOnly) }
    }

    /// Another connection to the same file.
    func another() throws(VaultError) -> Connection {
        try Self.connect(VaultFile(path: queue.path)) { _ in }
    }

    /// Runs single statements, each a snapshot of its own.
    func read<R>(_ body: (Database) throws -> R) throws(VaultError) -> R {
        try VaultError.mapping { try queue.unsafeRead(body) }
    }

    /// Runs `body` on one snapshot: many statements, locked once.
    func snapshot<R>(_ body: (Database) throws -> R) throws(VaultError) -> R {
        try VaultError.mapping { try queue.read(body) }
    }

    /// Runs `body` as one `BEGIN IMMEDIATE` transaction: all of it is on disk when this returns, or, when `body`
    /// throws, none of it ever happened. Unless it `waits`, it fails where another process is writing.
    func write<R>(
        with keys: Unlocked, _ random: RandomSource, waits: Bool = true, _ body: (Transaction) throws -> R
    ) throws(VaultError) -> R {
        try write(keys, waits: waits, { try Transaction.next($0, keys: keys, random: random) }, body)
    }

    /// The same for the first transaction of a new vault.
    func writeFirst(
        with keys: Unlocked, _ random: RandomSource, _ body: (Transaction) throws -> Void
    ) throws(VaultError) {
        try write(keys, { try Transaction.first($0, keys: keys, random: random) }, body)
    }

    private func write<R>(
        _ keys: Unlocked, waits: Bool = true, _ begin: (Database) throws -> Transaction,
        _ body: (Transaction) throws -> R
    ) throws(VaultError) -> R {
        let (result, state) = try VaultError.mapping {
            var done: (R, VaultState)?
            try queue.writeWithoutTransaction { database in
                if !waits { try database.execute(sql: "PRAGMA busy_timeout = 0") }
                defer {
                    if !waits { try? database.execute(sql: "PRAGMA busy_timeout = \(Int(Self.busyTimeout * 1000))") }
                }
                try database.inTransaction(.immediate) {
                    let transaction = try begin(database)
                    let before = transaction.state
                    let result = try body(transaction)
                    // What changes nothing is no write: a rehearsal, for one.
                    guard transaction.state != before else {
                        done = (result, before)
                        return .rollback
                    }
                    done = (result, try transaction.finish())
                    return .commit
                }
            }
            return done!
        }
        keys.noteCommitted(state)
        return result
    }

    /// Closes the connection. The last one to close moves the write-ahead log into the file and removes it.
    ///
    /// Throws ``VaultError/storage(_:)`` where that fails; what was committed is then still in the log.
    func close() throws(VaultError) {
        try VaultError.mapping { try queue.close() }
    }

    /// The value of a pragma, as text.
    func pragma(_ name: String) throws(VaultError) -> String? {
        try read { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }
}
