public import Sodium

extension Vault {
    /// Stores a token, which is good from now on, and removes those that ended long ago.
    ///
    /// Throws ``VaultError/noSuchProject`` when it is limited to a project that does not exist, and
    /// ``VaultError/storage(_:)``.
    public nonisolated func addToken(_ token: Token, by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            for project in token.details.projects
            where try project == self.id || ScopeRow.fetch(project, from: transaction.database) == nil {
                throw VaultError.noSuchProject
            }
            try Self.pruneTokens(in: transaction, by: actor, now: now)
            try transaction.keys.row(token, sequence: transaction.nextToken(), random: transaction.random)
                .insert(into: transaction)
            try transaction.log(
                Event(.tokenCreated, by: actor, at: now, [.token(token.id, name: token.details.name, vault: self.id)]))
        }
    }

    /// The token `id`, if it was not revoked. Throws ``VaultError/noSuchToken``, ``VaultError/damaged(_:)``.
    public func token(_ id: Identifier) throws(VaultError) -> Token {
        try token(id, alongside: nil).token
    }

    /// The token `id`, and in the same trip what is known of `secret`; nil for that where asking for it alone fails.
    ///
    /// Throws ``VaultError/noSuchToken``, ``VaultError/damaged(_:)`` for the token.
    public func token(
        _ id: Identifier, alongside secret: Identifier?
    ) throws(VaultError) -> (token: Token, metadata: SecretMetadata?) {
        let keys = try keys()
        let (tokenRow, secretRow) = try connection.read { database in
            (
                try TokenRow.fetch(id, from: database),
                secret.flatMap { try? SecretRow.fetch($0, .metadata, from: database) }
            )
        }
        guard let tokenRow else { throw .noSuchToken }
        let token = try keys.token(tokenRow)
        guard token.details.revokedAt == nil else { throw .noSuchToken }
        return (token, secretRow.flatMap { try? keys.metadata($0) })
    }

    /// All tokens, in order of creation; without those that were revoked, unless `revoked`. Throws
    /// ``VaultError/damaged(_:)`` where one is, unless it is `passingOverDamage`.
    public func tokens(revoked: Bool = false, passingOverDamage: Bool = false) throws(VaultError) -> [Token] {
        let keys = try keys()
        var tokens: [Token] = []
        for row in try connection.read(TokenRow.fetchAll) {
            do throws(VaultError) { tokens.append(try keys.token(row)) } catch {
                guard passingOverDamage else { throw error }
            }
        }
        return tokens.filter { revoked || $0.details.revokedAt == nil }
    }

    /// Revokes the token `id`: nobody is let in with it from now on. Removes tokens that ended long ago.
    ///
    /// What is known of it stays for a while, to be listed. Throws ``VaultError/noSuchToken``, also for one that was
    /// revoked before, and ``VaultError/storage(_:)``.
    public nonisolated func revokeToken(_ id: Identifier, by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            guard let row = try TokenRow.fetch(id, from: transaction.database) else { throw VaultError.noSuchToken }
            // A token that is damaged can be revoked: it has no name then, and nothing of it is left to be kept.
            guard let token = try? transaction.keys.token(row) else {
                try transaction.log(Event(.tokenRevoked, by: actor, at: now, [.token(id, name: "", vault: self.id)]))
                return try Self.remove([(row, "")], in: transaction, by: actor, now: now)
            }
            guard token.details.revokedAt == nil else { throw VaultError.noSuchToken }
            try Self.change(row, token, in: transaction) { $0.revokedAt = now }
            try transaction.log(
                Event(.tokenRevoked, by: actor, at: now, [.token(id, name: token.details.name, vault: self.id)]))
            try Self.pruneTokens(in: transaction, by: actor, now: now)
        }
    }

    /// The key that signs this vault's JWTs, 32 bytes, for the library that signs. Throws ``VaultError/locked``.
    public func tokenSigningKey() throws(VaultError) -> SecureBytes {
        try keys().rootKeys.tokenSigning.copyBytes()
    }

    /// The token id of an API key, `text` being all of it (docs/format.md, "Tokens"). Throws ``VaultError/locked``.
    public func tokenID(ofAPIKey text: String) throws(VaultError) -> Identifier {
        let hash = KeyedHash.tag(of: text.utf8, using: try keys().rootKeys.apiKeyHashing)
        return Identifier(bytes: hash.prefix(Identifier.byteCount))!
    }
}
