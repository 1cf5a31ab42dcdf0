/// That a vault is older than it was when it was last seen.
public struct Rollback: Error, Sendable, Equatable {
    /// The epoch that was seen last.
    public let seen: UInt64
    /// The epoch that was found; not always less, where two copies of a vault were written to.
    public let found: UInt64
}
