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
    nonisolated let notesFolder: String?
    /// The keys, while there are any.
    var unlocked: Unlocked?
    /// Whether the mark had failed when the vault was locked.
    var markHasFailed = false
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

    /// Closes the file. No other call may follow.
    ///
    /// Throws ``VaultError/storage(_:)``; nothing that was acknowledged is lost by it.
    public func close() throws(VaultError) {
        lock()
        try connection.close()
    }

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
