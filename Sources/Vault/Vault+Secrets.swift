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
        _ secret: NewSecret, value: SharedSecureBytes, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        let metadata = SecretMetadata(
            id: Identifier(random: random), scope: try scope(secret.project), name: secret.name, mask: secret.mask,
            defaultAvailable: secret.defaultAvailable, createdByAgent: secret.createdByAgent,
            createdAt: now, updatedAt: now)
        return try await write { keys, random, database in
            guard let scope = try ScopeRow.fetch(metadata.scope, from: database) else { throw VaultError.noSuchProject }
            var row = SecretRow(new: metadata.id, in: scope, sequence: try database.nextSequence(in: "secrets"))
            try keys.seal(metadata, into: &row, random: random)
            try keys.seal(value: value.bytes, into: &row, random: random)
            try row.insert(into: database)
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

    /// The value of the secret `id`: the only call that yields plaintext.
    ///
    /// The metadata are opened too, because they vouch for the row. Throws ``VaultError/noSuchSecret``,
    /// ``VaultError/damaged(_:)``.
    public func reveal(_ id: Identifier) throws(VaultError) -> SecureBytes {
        let keys = try keys()
        guard let row = try connection.read({ try SecretRow.fetch(id, .metadataAndValue, from: $0) }) else {
            throw .noSuchSecret
        }
        _ = try keys.metadata(row)
        return try keys.value(row)
    }

    /// Changes what is known of the secret `id`, without touching its value.
    ///
    /// Only `name` and `defaultAvailable` can change; nil leaves each as it is. Throws ``VaultError/noSuchSecret``,
    /// ``VaultError/nameTaken``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func updateMetadata(
        of id: Identifier, name: String? = nil, defaultAvailable: Bool? = nil, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await write { keys, random, database in
            try Self.change(id, keys, random, in: database) { metadata, _ in
                metadata.name = name ?? metadata.name
                metadata.defaultAvailable = defaultAvailable ?? metadata.defaultAvailable
                metadata.updatedAt = now
            }
        }
    }

    /// Gives the secret `id` a new value.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func rotate(
        _ id: Identifier, value: SharedSecureBytes, mask: String, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await write { keys, random, database in
            try Self.change(id, keys, random, in: database) { metadata, row in
                metadata.mask = mask
                metadata.updatedAt = now
                row.place.valueRevision += 1
                try keys.seal(value: value.bytes, into: &row, random: random)
            }
        }
    }

    /// Removes the secret `id` for good. Throws ``VaultError/noSuchSecret``, ``VaultError/storage(_:)``.
    public nonisolated func deleteSecret(_ id: Identifier) async throws(VaultError) {
        try await write { _, _, database in try SecretRow.delete(id, from: database) }
    }

    /// Runs `body` with the vault's keys in a transaction that it may share with others (``GroupCommit``).
    ///
    /// Not isolated, because the write brings itself onto the vault's queue, and a second way there costs time.
    private nonisolated func write<R: Sendable>(
        _ body: @escaping @Sendable (Unlocked, RandomSource, Transaction) throws -> R
    ) async throws(VaultError) -> R {
        try await group.write { database in
            let keys = try self.assumeIsolated { vault in try vault.keys() }
            return try body(keys, self.random, database)
        }
    }

    /// Reads, changes and reseals one secret's metadata.
    private static func change(
        _ id: Identifier, _ keys: Unlocked, _ random: RandomSource, in database: Transaction,
        _ body: (inout SecretMetadata, inout SecretRow) throws -> Void
    ) throws -> SecretMetadata {
        guard var row = try SecretRow.fetch(id, .metadata, from: database) else { throw VaultError.noSuchSecret }
        var metadata = try keys.metadata(row)
        row.place.metadataRevision += 1
        try body(&metadata, &row)
        try keys.seal(metadata, into: &row, random: random)
        try row.update(in: database)
        return metadata
    }

    /// The scope of a project, or the personal one, which nobody reaches as a project.
    private nonisolated func scope(_ project: Identifier?) throws(VaultError) -> Identifier {
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
