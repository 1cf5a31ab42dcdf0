public import Vault

/// The operations of the hosted secrets API on one vault: its names, its rules, its shapes.
///
/// Knows no HTTP and no SQL: the server and the command line both stand on it, so a rule holds for both.
public struct Secrets: Sendable {
    /// The vault.
    public let vault: Vault
    /// Who the owner is, for the log.
    public let owner: Actor
    /// Seconds since 1970-01-01T00:00:00Z.
    public let now: @Sendable () -> Int64

    /// The operations on `vault`; `now` gives seconds since 1970-01-01T00:00:00Z.
    public init(vault: Vault, owner: Actor, now: @escaping @Sendable () -> Int64) {
        self.vault = vault
        self.owner = owner
        self.now = now
    }

    /// `POST /api/v1/secrets`. Throws ``SecretsError``: not covered, read only, name taken.
    public func create(_ request: CreateSecretRequest, by caller: Caller) async throws(SecretsError) -> Secret {
        try requireWriting(caller)
        guard caller.covers(request.project) else { throw .notCovered }
        let secret = NewSecret(
            project: request.project, name: request.name, mask: request.value.mask,
            defaultAvailable: request.defaultAvailable, createdByAgent: request.createdByAgent)
        do {
            return shape(
                try await vault.createSecret(secret, value: request.value.bytes, by: actor(caller), now: now()))
        } catch { throw .vault(error) }
    }

    /// `PATCH /api/v1/secrets/{id}`; `known` is what the vault has just said of it, if it has.
    ///
    /// Throws ``SecretsError``: no such secret, read only.
    public func updateMetadata(
        _ id: Identifier, _ request: UpdateSecretMetadataRequest, known: SecretMetadata? = nil, by caller: Caller
    ) async throws(SecretsError) -> Secret {
        try requireWriting(caller)
        let current = try await covered(id, known: known, by: caller)
        guard let defaultAvailable = request.defaultAvailable else { return shape(current) }
        do {
            return shape(
                try await vault.updateMetadata(
                    of: id, defaultAvailable: defaultAvailable, by: actor(caller), now: now()))
        } catch { throw .vault(error) }
    }

    /// `GET /api/v1/secrets`: the personal secrets, or a project's, in order of creation.
    ///
    /// Throws ``SecretsError``: not covered.
    public func list(_ request: ListSecretsRequest, by caller: Caller) async throws(SecretsError) -> SecretList {
        guard caller.covers(request.project) else { throw .notCovered }
        do {
            let page = try await vault.secrets(project: request.project, after: request.start, limit: request.limit)
            return SecretList(
                secrets: page.secrets.map(shape), nextCursor: page.next.map(Cursor.text))
        } catch { throw .vault(error) }
    }

    /// `GET /api/v1/secrets/{id}`; `known` is what the vault has just said of it, if it has.
    ///
    /// Throws ``SecretsError``: no such secret.
    public func get(
        _ id: Identifier, known: SecretMetadata? = nil, by caller: Caller
    ) async throws(SecretsError) -> Secret {
        shape(try await covered(id, known: known, by: caller))
    }

    /// `DELETE /api/v1/secrets/{id}`; `known` is what the vault has just said of it, if it has.
    ///
    /// Throws ``SecretsError``: no such secret, read only.
    public func delete(
        _ id: Identifier, known: SecretMetadata? = nil, by caller: Caller
    ) async throws(SecretsError) {
        try requireWriting(caller)
        _ = try await covered(id, known: known, by: caller)
        do { try await vault.deleteSecret(id, by: actor(caller), now: now()) } catch { throw .vault(error) }
    }

    func shape(_ metadata: SecretMetadata) -> Secret {
        Secret(metadata, vault: vault.id)
    }

    /// The caller, as the log has them.
    func actor(_ caller: Caller) -> Actor {
        caller.tokenName.map(Actor.token) ?? owner
    }

    func requireWriting(_ caller: Caller) throws(SecretsError) {
        guard caller.mayWrite else { throw .readOnly }
    }

    /// The metadata of a secret that the caller may see; one that they may not does not exist to them.
    private func covered(
        _ id: Identifier, known: SecretMetadata? = nil, by caller: Caller
    ) async throws(SecretsError) -> SecretMetadata {
        let metadata: SecretMetadata
        if let known, known.id == id {
            metadata = known
        } else {
            do { metadata = try await vault.metadata(of: id) } catch { throw .vault(error) }
        }
        guard caller.covers(metadata.scope == vault.id ? nil : metadata.scope) else { throw .vault(.noSuchSecret) }
        return metadata
    }
}
