public import Sodium

/// What a secret is created with, besides its value.
public struct NewSecret: Sendable {
    /// The project it belongs to; nil for a personal secret.
    public let project: Identifier?
    /// The name of its environment variable, valid by the rules of docs/format.md.
    public let name: String
    /// What is to be shown in place of the value, at most 64 bytes.
    public let mask: String
    /// Whether tasks get it without asking for it by name.
    public let defaultAvailable: Bool
    /// Whether an agent creates it.
    public let createdByAgent: Bool

    /// A description as given.
    public init(project: Identifier?, name: String, mask: String, defaultAvailable: Bool, createdByAgent: Bool) {
        self.project = project
        self.name = name
        self.mask = mask
        self.defaultAvailable = defaultAvailable
        self.createdByAgent = createdByAgent
    }
}

/// Some of a scope's secrets, in order of creation.
public struct SecretPage: Sendable {
    /// What is known of each.
    public let secrets: [SecretMetadata]
    /// Where the next page starts; nil on the last one.
    public let next: Int64?
}

extension Vault {
    /// Stores a new secret; on disk when this returns.
    ///
    /// Throws ``VaultError/nameTaken``, ``VaultError/noSuchProject``, ``VaultError/locked``, ``VaultError/storage(_:)``.
    public nonisolated func createSecret(
        _ secret: NewSecret, value: SharedSecureBytes, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        let metadata = SecretMetadata(
            id: Identifier(random: random), scope: try scope(secret.project), name: secret.name, mask: secret.mask,
            defaultAvailable: secret.defaultAvailable, createdByAgent: secret.createdByAgent,
            createdAt: now, updatedAt: now)
        return try await write { transaction in
            guard let scope = try ScopeRow.fetch(metadata.scope, from: transaction.database) else {
                throw VaultError.noSuchProject
            }
            var row = SecretRow(new: metadata.id, in: scope, sequence: try transaction.nextSecret())
            try transaction.keys.seal(metadata, into: &row, random: transaction.random)
            try transaction.keys.seal(value: value.bytes, into: &row, random: transaction.random)
            try row.insert(into: transaction)
            try transaction.log(Event(.secretCreated, by: actor, at: now, [.secret(metadata, row.place)]))
            return metadata
        }
    }

    /// What is known of the secret `id`. Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``.
    public func metadata(of id: Identifier) throws(VaultError) -> SecretMetadata {
        let keys = try keys()
        guard let row = try connection.read({ try SecretRow.fetch(id, .metadata, from: $0) }) else {
            throw .noSuchSecret
        }
        return try keys.metadata(row)
    }

    /// What is known of the secret `name` of a project, or of the personal scope.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/noSuchProject``, ``VaultError/damaged(_:)``.
    public func metadata(named name: String, project: Identifier?) throws(VaultError) -> SecretMetadata {
        let keys = try keys()
        let scope = try scopeRow(project)
        let nameTag = try keys.scope(scope.scope, wrapped: scope.wrappedKey).nameTag(name)
        let row = try connection.read { database in
            try SecretRow.fetch(nameTag: nameTag, scope: scope.scope, .metadata, from: database)
        }
        guard let row else { throw .noSuchSecret }
        return try keys.metadata(row)
    }

    /// The secrets of a project, or of the personal scope, in order of creation: those behind `next` of the page
    /// before, at most `limit` of them.
    ///
    /// Throws ``VaultError/noSuchProject``, ``VaultError/damaged(_:)``.
    public func secrets(
        project: Identifier?, after start: Int64 = 0, limit: Int? = nil
    ) throws(VaultError) -> SecretPage {
        let keys = try keys()
        let scope = try scopeRow(project).scope
        var secrets: [SecretMetadata] = []
        var last = start
        var more = false
        try connection.read { database in
            // One more than asked for tells whether a page follows.
            try SecretRow.forEach(in: scope, after: start, limit: limit.map { $0 + 1 }, from: database) { row in
                guard secrets.count < limit ?? .max else { more = true; return }
                secrets.append(try keys.metadata(row))
                last = row.place.sequence
            }
        }
        return SecretPage(secrets: secrets, next: more ? last : nil)
    }

    /// Changes what is known of the secret `id`, without touching its value.
    ///
    /// Only `name` and `defaultAvailable` can change; nil leaves each as it is. Throws ``VaultError/noSuchSecret``,
    /// ``VaultError/nameTaken``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func updateMetadata(
        of id: Identifier, name: String? = nil, defaultAvailable: Bool? = nil, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await write { transaction in
            let old = try SecretRow.existing(id, .metadata, from: transaction.database)
            var row = old
            var metadata = try transaction.keys.metadata(old)
            metadata.name = name ?? metadata.name
            metadata.defaultAvailable = defaultAvailable ?? metadata.defaultAvailable
            metadata.updatedAt = now
            row.place.metadataRevision += 1
            try transaction.keys.seal(metadata, into: &row, random: transaction.random)
            try row.update(from: old, in: transaction)
            try transaction.log(Event(.secretUpdated, by: actor, at: now, [.secret(metadata, row.place)]))
            return metadata
        }
    }

    /// Removes the secret `id` for good, with its former values.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/storage(_:)``.
    public nonisolated func deleteSecret(_ id: Identifier, by actor: Actor, now: Int64) async throws(VaultError) {
        try await write { transaction in
            let row = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
            // A secret that is damaged can be deleted; it has no name then.
            let name = (try? transaction.keys.metadata(row))?.name ?? ""
            try row.delete(from: transaction)
            try transaction.log(Event(.secretDeleted, by: actor, at: now, [.deletedSecret(row.place, name: name)]))
        }
    }

    /// Runs `body` with the vault's keys in a transaction that it may share with others (``GroupCommit``).
    ///
    /// Unless it `waits`, it fails with ``VaultError/StorageFailure/busy`` where another process is writing.
    /// Not isolated, because the write brings itself onto the vault's executor, and a second way there costs time.
    nonisolated func write<R: Sendable>(
        waits: Bool = true, _ body: @escaping @Sendable (Transaction) throws -> R
    ) async throws(VaultError) -> R {
        let keys = { @Sendable () throws(VaultError) -> Unlocked in
            do { return try self.assumeIsolated { vault in try vault.keys() } } catch { throw .locked }
        }
        return try await group.write(keys: keys, waits: waits, body)
    }

    /// The scope of a project, or the personal one, which nobody reaches as a project.
    nonisolated func scope(_ project: Identifier?) throws(VaultError) -> Identifier {
        guard project != id else { throw .noSuchProject }
        return project ?? id
    }

    /// The row of a project, or of the personal scope. Throws ``VaultError/noSuchProject``.
    private func scopeRow(_ project: Identifier?) throws(VaultError) -> ScopeRow {
        let scope = try scope(project)
        guard let row = try connection.read({ try ScopeRow.fetch(scope, from: $0) }) else { throw .noSuchProject }
        return row
    }
}
