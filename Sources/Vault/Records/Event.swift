/// One entry of the audit log: what was done, by whom, when, and to what (docs/format.md, "Audit log").
public struct Event: Sendable, Equatable {
    /// What was done.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case vaultCreated = 1
        case secretCreated = 2
        case secretUpdated = 3
        case secretRotated = 4
        case secretDeleted = 5
        case versionRestored = 6
        case revealed = 7
        case run = 8
        case exported = 9
        case injected = 10
        case imported = 11
        case projectCreated = 12
        case projectDeleted = 13
        case tokenCreated = 14
        case tokenRevoked = 15
        case unlockFailed = 16
        case rollbackAccepted = 17
        case logPruned = 18
        case vaultRestored = 19
        case vaultSalvaged = 20
        case backedUp = 21
        case passphraseChanged = 22
        case recoveryCodeCreated = 23
        case recoveryCodeRevoked = 24
        case rekeyed = 25
        case tokensPruned = 26
    }

    /// One thing that an event is about.
    public struct Subject: Sendable, Equatable {
        /// What kind of thing it is.
        public enum Kind: UInt8, Sendable {
            case secret = 1
            case project = 2
            case token = 3
        }

        /// What kind of thing it is.
        public let kind: Kind
        /// Its id.
        public let id: Identifier
        /// The scope that a secret belongs to; else the vault's id.
        public let scope: Identifier
        /// The revision of a secret's metadata after the event; 0 for others, and for a secret that is gone.
        public let metadataRevision: Int64
        /// The revision of a secret's value after the event; 0 for others, and for a secret that is gone.
        public let valueRevision: Int64
        /// Its name at that time.
        public let name: String
    }

    /// When, in seconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// What was done.
    public let kind: Kind
    /// By whom.
    public let actor: Actor
    /// The program that was run; else empty. At most 65,535 bytes.
    public let detail: String
    /// How many: failed attempts, events that were removed; the revision that was gone back to; the epoch that was gone back
    /// to, or copied; else 0.
    public let number: UInt64
    /// What it was about, at most ``maximumSubjectCount``.
    public let subjects: [Subject]

    /// The greatest number of subjects; what is about more is several events.
    static let maximumSubjectCount = 1000

    /// An event as given.
    init(
        _ kind: Kind, by actor: Actor, at time: Int64, detail: String = "", number: UInt64 = 0,
        _ subjects: [Subject] = []
    ) {
        self.time = time
        self.kind = kind
        self.actor = actor
        self.detail = detail
        self.number = number
        self.subjects = subjects
    }
}

/// An event, and its place in the log.
public struct LoggedEvent: Sendable, Equatable {
    /// Its place: 1 for the first of all.
    public let sequence: Int64
    /// The event.
    public let event: Event
}
