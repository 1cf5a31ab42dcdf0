public import Sodium

/// One vault: an encrypted file, and, while unlocked, the keys to it.
///
/// An actor off the runtime's own threads, because deriving keys and syncing disks block. Several may open the same file, in
/// this process and in others; each write is one transaction, on disk when the call returns. The layout is
/// docs/format.md's.
public actor Vault {
    /// The vault's id, which is its personal scope's too.
    public nonisolated let id: Identifier

    let connection: Connection
    nonisolated let group: GroupCommit
    nonisolated let random: RandomSource
    nonisolated let executor: any VaultExecutor
    /// The folder of this machine's own notes of vaults; nil to keep none.
    private nonisolated let notesFolder: String?
    private(set) var unlocked: Unlocked?
    private var markHasFailed = false
    /// Whether the keys are about to come to rest, unless they are asked for before.
    var isRestDue = false
    /// Whether they were asked for since.
    var areKeysInUse = false

    /// Where the vault works.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        id: Identifier, connection: Connection, executor: any VaultExecutor, random: RandomSource, notes: String?
    ) {
        self.id = id
        self.connection = connection
        group = GroupCommit(connection: connection, executor: executor, random: random)
        self.executor = executor
        self.random = random
        notesFolder = notes
    }

    /// Creates a vault at `path`, with one slot that `passphrase` opens at `cost`.
    ///
    /// The file has mode 0600 in a directory of mode 0700; it appears whole or not at all. `now` is in seconds since
    /// 1970-01-01T00:00:00Z. Throws ``VaultError/vaultExists``, ``VaultError/storage(_:)``, ``VaultError/outOfMemory``.
    public static func create(
        at path: String, passphrase: borrowing SecureBytes, cost: PasswordHash.Cost = .moderate,
        by actor: Actor, now: Int64, random: RandomSource = .system
    ) async throws(VaultError) {
        let draft = try await VaultDraft.begin(at: path, random: random)
        do throws(VaultError) {
            try await draft.vault.fill(passphrase: passphrase, cost: cost, by: actor, now: now)
            try await draft.publish()
        } catch {
            draft.discard()
            throw error
        }
    }

    /// Opens the vault at `path`, locked.
    ///
    /// In the folder `notes` this machine remembers the vault's epoch, so that an older copy in its place is noticed, and
    /// how often it was not unlocked; with nil, nothing is remembered.
    ///
    /// Throws ``VaultError/noVault``, ``VaultError/notAVault(_:)``, ``VaultError/newerSchema(_:)``,
    /// ``VaultError/damaged(_:)`` and ``VaultError/storage(_:)``; none of them has changed the file.
    public static func open(
        at path: String, notes: String? = nil, random: RandomSource = .system
    ) async throws(VaultError) -> Vault {
        try await open(VaultFile(path: path), executor: newVaultExecutor(), notes: notes, random: random)
    }

    /// The same on `executor`, which another vault may have too.
    static func open(
        _ file: VaultFile, executor: any VaultExecutor, notes: String?, random: RandomSource
    ) async throws(VaultError) -> Vault {
        let (connection, id) = try await executor.run { () throws(VaultError) in
            try file.check()
            let connection = try Connection.open(file)
            return (connection, try connection.read(VaultRow.fetch))
        }
        return Vault(id: id, connection: connection, executor: executor, random: random, notes: notes)
    }

    /// Derives keys from `passphrase` and holds them until ``lock()``.
    ///
    /// A recovery code will do as well. Throws ``VaultError/wrongPassphrase``, ``VaultError/wrongRecoveryCode``,
    /// ``VaultError/mistypedRecoveryCode``; ``VaultError/damaged(_:)`` where a slot's cost lies out of bounds, or the
    /// personal scope, the state or this machine's mark does not open; and ``VaultError/rolledBack(_:)``, unless that is
    /// accepted, for a vault that is older than it was when it was last seen. Returns what this machine's mark has against
    /// the vault, where that was passed over: ``acceptRollback(by:now:)`` follows then, and until it has, the mark stays.
    @discardableResult
    public func unlock(
        passphrase: borrowing SecureBytes, acceptingRollback: Bool = false
    ) throws(VaultError) -> VaultError? {
        try open(with: passphrase, acceptingRollback: acceptingRollback).passedOver
    }

    /// Unlocks the vault as ``unlock(passphrase:acceptingRollback:)`` does, accepting no rollback, and returns what it takes
    /// to change its keys.
    public func openSlot(with passphrase: borrowing SecureBytes) throws(VaultError) -> OpenedSlot {
        try open(with: passphrase, acceptingRollback: false).slot
    }

    private func open(
        with passphrase: borrowing SecureBytes, acceptingRollback: Bool
    ) throws(VaultError) -> (slot: OpenedSlot, passedOver: VaultError?) {
        do throws(VaultError) {
            let slots = try connection.read(KeySlot.fetchAll)
            let opened = try KeySlot.open(slots, with: passphrase, vault: id)
            return (opened, try adopt(opened.rootKey, slots, acceptingRollback: acceptingRollback))
        } catch {
            if error == .wrongPassphrase || error == .wrongRecoveryCode { failures?.add() }
            throw error
        }
    }

    /// Holds the keys that come of `rootKey` until ``lock()``, once all rows were compared with the state: nobody gets
    /// anything of the vault before that.
    ///
    /// Throws what ``unlock(passphrase:acceptingRollback:)`` does, ``VaultError/damaged(_:)`` for another vault's root key
    /// among it, and what ``checkSums()`` does; the vault is locked then.
    public func unlockChecked(with rootKey: borrowing SecretKey) throws(VaultError) {
        do throws(VaultError) {
            _ = try adopt(rootKey, connection.read(KeySlot.fetchAll), acceptingRollback: false)
            try checkSums()
        } catch {
            lock()
            throw error
        }
    }

    /// Whether there are no keys in memory that open the vault. Those that it has been given others for since are
    /// forgotten.
    public func isLocked() -> Bool {
        guard let keys = unlocked else { return true }
        do throws(VaultError) {
            _ = try connection.read { try StateRow.open(with: keys, in: $0) }
        } catch .keysChanged {
            lock()
        } catch {
            // Not the keys' fault, and told to whoever wants something of the vault.
        }
        return unlocked == nil
    }

    /// Forgets all keys. Returns whether there were any.
    @discardableResult
    public func lock() -> Bool {
        defer { unlocked = nil }
        unlocked?.writeMark()
        markHasFailed = hasMarkFailed
        return unlocked != nil
    }

    /// Whether this machine's mark could not be written when it last should have been: an older copy of the vault would
    /// then not be noticed here.
    public var hasMarkFailed: Bool { unlocked?.marking?.hasFailed ?? markHasFailed }

    /// Closes the file. No other call may follow.
    ///
    /// Throws ``VaultError/storage(_:)``; nothing that was acknowledged is lost by it.
    public func close() throws(VaultError) {
        lock()
        try connection.close()
    }

    /// What can be told of the vault without a key.
    public func summary() throws(VaultError) -> VaultSummary {
        try connection.read { database in
            VaultSummary(
                id: id, schemaVersion: Int(Schema.version),
                slots: try KeySlot.fetchAll(database).compactMap { $0 },
                scopes: try VaultRow.count("scopes", in: database),
                secrets: try VaultRow.count("secrets", in: database),
                tokens: try VaultRow.count("tokens", in: database))
        }
    }

    /// Holds the keys under `rootKey`, which came from one of `slots`, once it opens the personal scope and the state.
    /// Returns and throws what ``unlock(passphrase:acceptingRollback:)`` does.
    func adopt(
        _ rootKey: borrowing SecretKey, _ slots: [KeySlot?], acceptingRollback: Bool
    ) throws(VaultError) -> VaultError? {
        do throws(VaultError) {
            return try adopt(newKeys(rootKey, slots), acceptingRollback: acceptingRollback)
        } catch .damaged(let part) {
            // Another process may have exchanged them since the slots were read.
            throw try connection.read(KeySlot.fetchAll) == slots ? .damaged(part) : .keysChanged
        }
    }

    private func newKeys(_ rootKey: borrowing SecretKey, _ slots: [KeySlot?]) -> Unlocked {
        let marking = notesFolder.map { Marking(EpochMark(folder: $0, vault: id)) }
        return Unlocked(vault: id, rootKeys: RootKeys(rootKey), slots: slots, marking: marking)
    }

    /// Goes on with other keys: those that the vault has been sealed anew with.
    func exchangeKeys(for keys: Unlocked) {
        unlocked = keys
    }

    private func adopt(_ keys: Unlocked, acceptingRollback: Bool) throws(VaultError) -> VaultError? {
        guard let personal = try connection.read({ try ScopeRow.fetch(id, from: $0) }) else {
            throw .damaged(.scope(id))
        }
        _ = try keys.details(personal)
        let connection = connection
        let state = { () throws(VaultError) in try keys.state(connection.read(StateRow.fetch)) }
        var passedOver: VaultError?
        do throws(VaultError) {
            try keys.checkMark(state)
        } catch {
            guard acceptingRollback else { throw error }
            switch error {
            case .rolledBack, .damaged(.mark): passedOver = error
            default: throw error
            }
            _ = try state()
        }
        unlocked = keys
        return passedOver
    }

    /// How often this vault was not unlocked on this machine, if that is counted.
    nonisolated var failures: FailedUnlocks? { notesFolder.map { FailedUnlocks(folder: $0, vault: id) } }

    /// Writes what a new vault has.
    private func fill(
        passphrase: borrowing SecureBytes, cost: PasswordHash.Cost, by actor: Actor, now: Int64
    ) throws(VaultError) {
        let rootKey = SecretKey(random: random)
        let slot = try KeySlot.wrapping(
            rootKey, under: passphrase, number: 1, cost: cost, vault: id, random: random)
        let keys = Unlocked(vault: id, rootKeys: RootKeys(rootKey))
        let personal = ScopeDetails(name: "", createdAt: now)
        try connection.writeFirst(with: keys, random) { transaction in
            try VaultRow.insert(id, into: transaction.database)
            try slot.insert(into: transaction)
            try keys.newScope(id, personal, sequence: transaction.nextScope(), random: random).insert(into: transaction)
            try transaction.log(Event(.vaultCreated, by: actor, at: now))
        }
    }
}

/// What can be told of a vault without a key: what its file gives away (docs/format.md).
public struct VaultSummary: Sendable {
    /// The vault's id.
    public let id: Identifier
    /// The version of its schema.
    public let schemaVersion: Int
    /// Its key slots, without those that are refused.
    public let slots: [KeySlot]
    /// The number of scopes: the personal one and one per project.
    public let scopes: Int
    /// The number of secrets in all scopes.
    public let secrets: Int
    /// The number of tokens: those that are good, and those that have ended and are still listed.
    public let tokens: Int
}
