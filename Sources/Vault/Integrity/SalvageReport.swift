/// What became of a damaged vault's secrets.
public struct SalvageReport: Sendable, Equatable {
    /// A secret that the new vault has.
    public struct Saved: Sendable, Equatable {
        /// Its id, as before.
        public let id: Identifier
        /// Its name, as before.
        public let name: String
        /// The project it belongs to; nil for a personal secret.
        public let project: Identifier?
        /// How many of its former values the new vault has.
        public let versionCount: Int
        /// Its place in the order of creation, as before.
        let sequence: Int64
    }

    /// Something that the new vault does not have.
    public struct Lost: Sendable, Equatable {
        /// What, and why: it is missing, it does not open, or there is only an older one of it.
        public let damage: Damage
        /// Its last name, where the log tells; else empty.
        public let name: String
    }

    /// The secrets that were saved, in order of creation.
    public internal(set) var saved: [Saved] = []
    /// What was lost.
    public internal(set) var lost: [Lost] = []
    /// How many projects were saved.
    public internal(set) var projectCount = 0
    /// How many tokens there were: none is brought, because they would not verify under the new keys.
    public internal(set) var tokenCount = 0
    /// How many secrets were there again that were deleted, as the log says: none is brought.
    public internal(set) var deletedCount = 0
    /// Whether all of the log could be read: what was lost without a trace may be more, and what is said to be missing may
    /// have been deleted, where it could not.
    public internal(set) var isLogWhole = false
}
