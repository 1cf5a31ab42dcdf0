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

extension Vault {
    /// What can be told of the vault without a key.
    public func summary() throws(VaultError) -> VaultSummary {
        try connection.read { database in
            VaultSummary(
                id: id, schemaVersion: Int(Schema.version),
                slots: try KeySlot.fetchAll(database).compactMap { $0 },
                scopes: try database.count(.scopes),
                secrets: try database.count(.secrets),
                tokens: try database.count(.tokens))
        }
    }
}
