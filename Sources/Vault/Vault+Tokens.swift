public import Sodium

extension Vault {
    /// Stores a token, which is valid from now on.
    ///
    /// Throws ``VaultError/noSuchProject`` when it is limited to a project that does not exist, and
    /// ``VaultError/storage(_:)``.
    public nonisolated func addToken(_ token: Token, by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            for project in token.details.projects
            where try project == self.id || ScopeRow.fetch(project, from: transaction.database) == nil {
                throw VaultError.noSuchProject
            }
            try transaction.keys.newToken(token, sequence: transaction.nextToken(), random: transaction.random)
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
        return (try keys.token(tokenRow), secretRow.flatMap { try? keys.metadata($0) })
    }

    /// All tokens that were not revoked, in order of creation. Throws ``VaultError/damaged(_:)``.
    public func tokens() throws(VaultError) -> [Token] {
        let keys = try keys()
        var tokens: [Token] = []
        for row in try connection.read(TokenRow.fetchAll) { tokens.append(try keys.token(row)) }
        return tokens
    }

    /// Revokes the token `id`. Throws ``VaultError/noSuchToken``, ``VaultError/storage(_:)``.
    public nonisolated func revokeToken(_ id: Identifier, by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            guard let row = try TokenRow.fetch(id, from: transaction.database) else { throw VaultError.noSuchToken }
            // A token that is damaged can be revoked; it has no name then.
            let name = (try? transaction.keys.token(row))?.details.name ?? ""
            try row.delete(from: transaction)
            try transaction.log(Event(.tokenRevoked, by: actor, at: now, [.token(id, name: name, vault: self.id)]))
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
