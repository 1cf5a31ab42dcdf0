/// Something in a vault that no holder of its keys left so.
public struct Damage: Error, Sendable, Equatable, Hashable {
    /// What happened to it.
    public enum Kind: String, Sendable {
        /// It was there when the vault was last written, and is not.
        case missing
        /// It is there, and was not when the vault was last written.
        case added
        /// It is as it once was, and not as it was when the vault was last written.
        case replayed
        /// It does not open, or does not read as the format says.
        case altered
    }

    /// What is damaged.
    public enum Place: Sendable, Hashable {
        /// SQLite's own check found the file's structure wrong.
        case file
        /// A table: so many of its rows, of which it cannot be told which they are.
        case rows(table: String, count: UInt64)
        /// A key slot, by its number.
        case keySlot(Int64)
        /// A scope: the personal one, or a project.
        case scope(Identifier)
        /// A secret.
        case secret(Identifier)
        /// A former value of a secret.
        case version(Identifier, Int64)
        /// A token.
        case token(Identifier)
        /// An event of the log.
        case event(Int64)
        /// Rows that do not add up to the state, although each is good by itself, and nothing tells which they are.
        case unknown
    }

    /// What happened.
    public let kind: Kind
    /// To what.
    public let place: Place

    /// Damage as found.
    public init(_ kind: Kind, _ place: Place) {
        self.kind = kind
        self.place = place
    }
}
