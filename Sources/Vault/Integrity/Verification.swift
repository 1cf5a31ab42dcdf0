/// What was found when a whole vault was looked at.
public struct Verification: Sendable, Equatable {
    /// How many of each there are, and were opened.
    public struct Counts: Sendable, Equatable {
        /// Key slots.
        public var keySlots = 0
        /// Scopes: the personal one, and the projects.
        public var scopes = 0
        /// Secrets.
        public var secrets = 0
        /// Former values of secrets.
        public var versions = 0
        /// Tokens.
        public var tokens = 0
        /// Events of the log.
        public var events = 0
    }

    /// How many of each there are.
    public internal(set) var counts = Counts()
    /// How many transactions have written to the vault.
    public internal(set) var epoch: UInt64 = 0
    /// What is damaged; nothing, for a good vault.
    public internal(set) var damage: [Damage] = []

    /// Whether nothing is damaged.
    public var isClean: Bool { damage.isEmpty }
}
