/// Why the vault did not do what it was asked to. No case holds a value, a name, a key or a path.
public enum VaultError: Error, Equatable {
    /// There is no vault at that place.
    case noVault
    /// There is something at that place already.
    case vaultExists
    /// The file there is not a Coffer vault, for this reason.
    case notAVault(NotAVault)
    /// The vault's schema version is newer than this program knows.
    case newerSchema(Int)
    /// The passphrase opens no slot, or the slot was changed.
    case wrongPassphrase
    /// What was given is a recovery code, and not this vault's: it was revoked or replaced, or is another's.
    case wrongRecoveryCode
    /// What was given is a recovery code with a slip in it. Nothing was derived.
    case mistypedRecoveryCode
    /// The passphrase itself is needed, and a recovery code was given.
    case passphraseNeeded
    /// There is a recovery code already.
    case recoveryCodeExists
    /// There is no recovery code.
    case noRecoveryCode
    /// All key slots that a vault can have are taken.
    case noFreeSlot
    /// The keys were changed since the vault was unlocked: it has to be unlocked anew.
    case keysChanged
    /// The keys are not in memory: the vault has to be unlocked first.
    case locked
    /// No secret with that id or name.
    case noSuchSecret
    /// No project with that id.
    case noSuchProject
    /// No token with that id.
    case noSuchToken
    /// The scope has a secret of that name.
    case nameTaken
    /// There is a project with that id.
    case projectExists
    /// A row does not open, or does not read as the format says: it was changed without the key.
    case damaged(Part)
    /// Rows are missing, added, put back or altered: what was found.
    case inconsistent([Damage])
    /// The vault is older than it was when it was last seen on this machine.
    case rolledBack(Rollback)
    /// No former value of that revision.
    case noSuchVersion
    /// The file could not be read or written.
    case storage(StorageFailure)
    /// The memory that the key derivation asks for cannot be had.
    case outOfMemory

    /// Why a file is no vault.
    public enum NotAVault: Sendable, Equatable {
        /// It is a directory, a device, a socket.
        case notAFile
        /// It does not begin as SQLite files do.
        case notSQLite
        /// It is another program's SQLite file.
        case foreign
    }

    /// Which part of a vault is damaged.
    public enum Part: Sendable, Equatable {
        /// The file as a whole, cut short or garbled so that SQLite cannot read it.
        case file
        /// A key slot.
        case keySlot
        /// The scope with this id.
        case scope(Identifier)
        /// The secret with this id.
        case secret(Identifier)
        /// The token with this id.
        case token(Identifier)
        /// The former value of this secret with this revision.
        case version(Identifier, Int64)
        /// The event with this sequence.
        case event(Int64)
        /// The state of the vault as a whole.
        case state
        /// This machine's own mark of the vault's epoch, outside the vault.
        case mark
        /// A row whose very id cannot be read.
        case row
    }

    /// What the file system refused.
    public enum StorageFailure: Sendable, Equatable {
        /// No permission.
        case permission
        /// The file or its disk cannot be written.
        case readOnly
        /// The disk is full.
        case full
        /// Another process kept the vault locked for longer than a write ever takes.
        case busy
        /// Anything else, with SQLite's extended result code, or `errno` where SQLite had no part in it.
        case inputOutput(Int)
    }
}
