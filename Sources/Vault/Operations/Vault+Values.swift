public import Sodium

/// What values are asked for: the log tells, before they are shown.
public enum RevealPurpose: Sendable, Equatable {
    /// To be printed.
    case reveal
    /// For the environment of the program at this path.
    case run(program: String)
    /// For an env file.
    case export
    /// For a template.
    case inject

    fileprivate func event(by actor: Actor, at time: Int64, _ subjects: [Event.Subject]) -> Event {
        switch self {
        case .reveal: Event(.revealed, by: actor, at: time, subjects)
        case .run(let program): Event(.run, by: actor, at: time, detail: program, subjects)
        case .export: Event(.exported, by: actor, at: time, subjects)
        case .inject: Event(.injected, by: actor, at: time, subjects)
        }
    }
}

/// The calls that yield plaintext, and those that give a secret another value.
extension Vault {
    /// The value of the secret `id`, or a former one, by its revision.
    ///
    /// The log has it first: when it cannot be written, nothing is revealed. The metadata are opened too, because they
    /// vouch for the row. Throws ``VaultError/noSuchSecret``, ``VaultError/noSuchVersion``, ``VaultError/damaged(_:)``,
    /// ``VaultError/storage(_:)``.
    public nonisolated func reveal(
        _ id: Identifier, version: Int64? = nil, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SharedSecureBytes {
        try await write { transaction in
            let keys = transaction.keys
            let row = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
            let metadata = try keys.metadata(row)
            var subject = row.place
            let value: SharedSecureBytes
            if let version, version != row.place.valueRevision {
                value = SharedSecureBytes(try keys.value(Self.former(version, of: id, in: transaction), of: row))
                subject.valueRevision = version
            } else {
                value = SharedSecureBytes(try keys.value(row))
            }
            try transaction.log(
                RevealPurpose.reveal.event(by: actor, at: now, [.secret(metadata, subject)]))
            return value
        }
    }

    /// The values of the secrets `ids`, in this order; the log has that they are asked for, and what for, first.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func reveal(
        _ ids: [Identifier], for purpose: RevealPurpose, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SecureList {
        try await write { transaction in
            var values = SecureBuffer(capacity: ids.count * 64)
            var ends: [Int] = []
            var subjects: [Event.Subject] = []
            for id in ids {
                let row = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
                subjects.append(.secret(try transaction.keys.metadata(row), row.place))
                try transaction.keys.value(row, appendingTo: &values)
                ends.append(values.count)
            }
            try transaction.log(purpose.event(by: actor, at: now, subjects))
            return SecureList(values.finish(), ends: ends)
        }
    }

    /// How many characters (Unicode code points) the values of the secrets `ids` have, in this order.
    ///
    /// No value leaves, so the log has nothing of it. Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``.
    public func characterCounts(_ ids: [Identifier]) throws(VaultError) -> [Int] {
        let keys = try keys()
        var value = SecureBuffer(capacity: 4096)
        return try connection.snapshot { database in
            try ids.map { id in
                let row = try SecretRow.existing(id, .metadataAndValue, from: database)
                _ = try keys.metadata(row)
                try keys.value(row, appendingTo: &value)
                defer { value.truncate(to: 0) }
                return value.withUnsafeBytes { $0.codePointCount }
            }
        }
    }

    /// Gives the secret `id` a new value, and keeps the one that it had.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``, ``VaultError/storage(_:)``.
    public nonisolated func rotate(
        _ id: Identifier, value: SharedSecureBytes, mask: String, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await write { transaction in
            let old = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
            let (metadata, row) = try Self.replaceValue(of: old, mask: mask, now: now, in: transaction) { row in
                try transaction.keys.seal(value: value.bytes, into: &row, random: transaction.random)
            }
            try transaction.log(Event(.secretRotated, by: actor, at: now, [.secret(metadata, row.place)]))
            return metadata
        }
    }

    /// Gives the secret `id` a former value again, as a new revision.
    ///
    /// Throws ``VaultError/noSuchSecret``, ``VaultError/noSuchVersion``, ``VaultError/damaged(_:)``,
    /// ``VaultError/storage(_:)``.
    public nonisolated func restoreVersion(
        _ revision: Int64, of id: Identifier, by actor: Actor, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await write { transaction in
            let keys = transaction.keys
            let old = try SecretRow.existing(id, .metadataAndValue, from: transaction.database)
            let former = try Self.former(revision, of: id, in: transaction)
            let value = try keys.value(former, of: old)
            let mask = try keys.version(former, of: old).mask
            let (metadata, row) = try Self.replaceValue(of: old, mask: mask, now: now, in: transaction) { row in
                try keys.seal(value: value, into: &row, random: transaction.random)
            }
            try transaction.log(
                Event(
                    .versionRestored, by: actor, at: now, number: UInt64(revision), [.secret(metadata, row.place)]))
            return metadata
        }
    }

    /// The former values of the secret `id` that are kept, the oldest first, and the revision of its current one.
    ///
    /// No value is opened. Throws ``VaultError/noSuchSecret``, ``VaultError/damaged(_:)``.
    public func versions(
        of id: Identifier
    ) throws(VaultError) -> (former: [SecretVersion], current: Int64) {
        let keys = try keys()
        return try connection.snapshot { database in
            let row = try SecretRow.existing(id, .metadata, from: database)
            _ = try keys.metadata(row)
            let former = try VersionRow.fetchAll(of: id, from: database).map { try keys.version($0, of: row) }
            return (former, row.place.valueRevision)
        }
    }

    /// Puts another value, which `seal` seals, into the row of `old`, and the one that was there among the former ones.
    static func replaceValue(
        of old: SecretRow, mask: String, now: Int64, in transaction: Transaction,
        change: (inout SecretMetadata) -> Void = { _ in }, _ seal: (inout SecretRow) throws -> Void
    ) throws -> (SecretMetadata, SecretRow) {
        var metadata = try transaction.keys.metadata(old)
        var row = old
        let version = try transaction.keys.newVersion(of: old, metadata, now: now, random: transaction.random)
        metadata.mask = mask
        metadata.updatedAt = now
        change(&metadata)
        row.place.metadataRevision += 1
        row.place.valueRevision += 1
        try transaction.keys.seal(metadata, into: &row, random: transaction.random)
        try seal(&row)
        try row.update(from: old, in: transaction)
        try version.insert(into: transaction)
        let former = try VersionRow.fetchAll(of: old.place.id, from: transaction.database)
        for outdated in former.dropLast(SecretVersion.keptCount) { try outdated.delete(from: transaction) }
        return (metadata, row)
    }

    private static func former(
        _ revision: Int64, of id: Identifier, in transaction: Transaction
    ) throws -> VersionRow {
        guard let row = try VersionRow.fetch(revision, of: id, from: transaction.database) else {
            throw VaultError.noSuchVersion
        }
        return row
    }
}
