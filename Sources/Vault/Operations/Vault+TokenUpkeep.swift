/// What becomes of tokens while they are used, and after they have ended (docs/format.md, "Tokens").
extension Vault {
    /// Notes the hour of `now` as that of the last use of the token `id`, unless that one or a later one is noted.
    ///
    /// Does not wait for another process that writes, nor does the log have it: a token is let in whether this works or
    /// not. Throws ``VaultError/noSuchToken``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func noteUse(of id: Identifier, at now: Int64) async throws(VaultError) {
        try await write(waits: false) { transaction in
            guard let row = try TokenRow.fetch(id, from: transaction.database) else { throw VaultError.noSuchToken }
            let token = try transaction.keys.token(row)
            guard token.details.isUseNew(at: now) else { return }
            try Self.change(row, token, in: transaction) { $0.lastUsedAt = TokenDetails.hour(of: now) }
        }
    }

    /// Removes the tokens that were revoked or expired 30 days before `now` or earlier; the log has them.
    ///
    /// Writes nothing where there are none. Throws ``VaultError/storage(_:)``.
    public nonisolated func pruneTokens(by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { try Self.pruneTokens(in: $0, by: actor, now: now) }
    }

    /// The same as part of a transaction.
    static func pruneTokens(in transaction: Transaction, by actor: Actor, now: Int64) throws {
        var forgotten: [(TokenRow, name: String)] = []
        for row in try TokenRow.fetchAll(transaction.database) {
            // A damaged one is for `verify` to tell of, and for its owner to revoke.
            guard let details = try? transaction.keys.token(row).details, details.isForgotten(at: now) else { continue }
            forgotten.append((row, details.name))
        }
        guard !forgotten.isEmpty else { return }
        try remove(forgotten, in: transaction, by: actor, now: now)
    }

    static func remove(
        _ tokens: [(row: TokenRow, name: String)], in transaction: Transaction, by actor: Actor, now: Int64
    ) throws {
        for token in tokens { try token.row.delete(from: transaction) }
        let vault = transaction.keys.vault
        try transaction.log(
            Event(.tokensPruned, by: actor, at: now, tokens.map { .token($0.row.token, name: $0.name, vault: vault) }))
    }

    /// Seals what is known of a token anew, as `body` changes it.
    static func change(
        _ row: TokenRow, _ token: Token, in transaction: Transaction, _ body: (inout TokenDetails) -> Void
    ) throws {
        var details = token.details
        body(&details)
        try transaction.keys.row(
            Token(id: token.id, details: details), sequence: row.sequence, random: transaction.random
        ).replace(row, in: transaction)
    }
}
