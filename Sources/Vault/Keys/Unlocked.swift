internal import Sodium

/// The keys of an unlocked vault: what seals and opens its records. Dropping it locks the vault.
///
/// Used from the vault's executor alone, so its caches need no lock, and it may be handed to a write that runs there.
final class Unlocked: @unchecked Sendable {
    let vault: Identifier
    let rootKeys: RootKeys
    /// Few, and most often one: a dictionary's type alone takes the runtime longer to make than all searches of a command.
    private var scopes: [(scope: Identifier, wrapped: [UInt8], keys: ScopeKeys)] = []
    private var lastToken: (row: TokenRow, token: Token)?
    private(set) var isReadable = false
    /// The state that was sealed or opened last, with its box, and the greatest epoch that was ever seen.
    var lastState: (sealed: [UInt8], state: VaultState)?
    var lastEpoch: UInt64 = 0
    /// This machine's note of the epoch, if it keeps one.
    let marking: Marking?
    /// The key slots of the vault when it was unlocked: where others are there, the keys may have been exchanged.
    var slots: [KeySlot?]

    /// Scope keys held at a time. Each scope takes protected memory of some pages, of which there is not much.
    private static let mostScopes = 256

    init(vault: Identifier, rootKeys: consuming RootKeys, slots: [KeySlot?] = [], marking: Marking? = nil) {
        self.vault = vault
        self.marking = marking
        self.slots = slots
        self.rootKeys = rootKeys
    }

    /// The keys of `scope`, whose row holds `wrapped`. Throws ``VaultError/damaged(_:)``.
    ///
    /// The row's bytes are compared with those the keys came from, so a scope that another process deleted or rekeyed
    /// is noticed.
    func scope(_ scope: Identifier, wrapped: [UInt8]) throws(VaultError) -> ScopeKeys {
        let known = scopes.firstIndex { $0.scope == scope }
        if let known, scopes[known].wrapped == wrapped { return scopes[known].keys }
        let keys = try rootKeys.unwrap(wrapped, scope: scope, vault: vault)
        if let known {
            scopes[known] = (scope, wrapped, keys)
        } else {
            if scopes.count >= Self.mostScopes { scopes.removeAll(keepingCapacity: true) }
            scopes.append((scope, wrapped, keys))
        }
        if isReadable { keys.beginReading() }
        return keys
    }

    /// Makes all keys readable, so that work that comes thick and fast pays for it once.
    func wake() {
        guard !isReadable else { return }
        isReadable = true
        rootKeys.beginReading()
        for scope in scopes { scope.keys.beginReading() }
    }

    /// Makes all keys unreadable, until each is used again.
    func rest() {
        guard isReadable else { return }
        isReadable = false
        rootKeys.endReading()
        for scope in scopes { scope.keys.endReading() }
    }

    /// The row of a new scope, with a random key of its own.
    func newScope(
        _ scope: Identifier, _ details: ScopeDetails, sequence: Int64, random: RandomSource
    ) -> ScopeRow {
        let key = SecretKey(random: random)
        let box = Self.seal(
            details.encoded(), using: ScopeKeys(key).detailsSealing,
            authenticating: AssociatedData.scopeDetails(scope, sequence: sequence, revision: 1, vault: vault),
            random: random)
        return ScopeRow(
            sequence: sequence, scope: scope, revision: 1,
            wrappedKey: rootKeys.wrap(key, scope: scope, vault: vault, random: random),
            sealedDetails: box.combined)
    }

    /// The details in `row`. Throws ``VaultError/damaged(_:)``.
    func details(_ row: ScopeRow) throws(VaultError) -> ScopeDetails {
        let keys = try scope(row.scope, wrapped: row.wrappedKey)
        let data = AssociatedData.scopeDetails(
            row.scope, sequence: row.sequence, revision: row.revision, vault: vault)
        return try Self.open(row.sealedDetails, using: keys.detailsSealing, data, part: .scope(row.scope)) {
            try ScopeDetails(decoding: $0)
        }
    }

    /// The metadata in `row`, whose name has the row's tag. Throws ``VaultError/damaged(_:)``.
    func metadata(_ row: SecretRow) throws(VaultError) -> SecretMetadata {
        let keys = try scope(row.place.scope, wrapped: row.wrappedScopeKey)
        let data = AssociatedData.secretMetadata(row.place, vault: vault)
        let metadata = try Self.open(
            row.sealedMetadata, using: keys.metadataSealing, data, part: .secret(row.place.id)
        ) {
            try SecretMetadata(decoding: $0, id: row.place.id, scope: row.place.scope)
        }
        guard keys.nameTag(metadata.name) == row.place.nameTag else { throw .damaged(.secret(row.place.id)) }
        return metadata
    }

    /// Seals `metadata` as what `row` says of itself.
    func seal(_ metadata: SecretMetadata, into row: inout SecretRow, random: RandomSource) throws(VaultError) {
        let keys = try scope(row.place.scope, wrapped: row.wrappedScopeKey)
        row.place.nameTag = keys.nameTag(metadata.name)
        row.sealedMetadata =
            Self.seal(
                metadata.encoded(), using: keys.metadataSealing,
                authenticating: AssociatedData.secretMetadata(row.place, vault: vault), random: random
            ).combined
    }

    /// The value in `row`. Throws ``VaultError/damaged(_:)``.
    func value(_ row: SecretRow) throws(VaultError) -> SecureBytes {
        let keys = try scope(row.place.scope, wrapped: row.wrappedScopeKey)
        let data = AssociatedData.secretValue(row.place, vault: vault)
        do {
            guard let box = SealedBox(combined: row.sealedValue ?? []) else { throw OpenFailure() }
            return try box.openRecord(using: keys.valueSealing, authenticating: data)
        } catch {
            throw .damaged(.secret(row.place.id))
        }
    }

    /// Appends the value in `row` to `buffer`. Throws ``VaultError/damaged(_:)``.
    func value(_ row: SecretRow, appendingTo buffer: inout SecureBuffer) throws(VaultError) {
        let keys = try scope(row.place.scope, wrapped: row.wrappedScopeKey)
        let data = AssociatedData.secretValue(row.place, vault: vault)
        do {
            guard let box = SealedBox(combined: row.sealedValue ?? []) else { throw OpenFailure() }
            try box.openRecord(using: keys.valueSealing, authenticating: data, appendingTo: &buffer)
        } catch {
            throw .damaged(.secret(row.place.id))
        }
    }

    /// Seals `value` as the value that `row` speaks of.
    func seal(value: borrowing SecureBytes, into row: inout SecretRow, random: RandomSource) throws(VaultError) {
        try value.withUnsafeBytes { bytes throws(VaultError) in try seal(bytes, into: &row, random: random) }
    }

    /// Seals the value in `bytes` as the value that `row` speaks of.
    func seal(_ bytes: UnsafeRawBufferPointer, into row: inout SecretRow, random: RandomSource) throws(VaultError) {
        let keys = try scope(row.place.scope, wrapped: row.wrappedScopeKey)
        let data = AssociatedData.secretValue(row.place, vault: vault)
        row.sealedValue =
            SealedBox.seal(record: bytes, using: keys.valueSealing, authenticating: data, random: random).combined
    }

    /// The row of a token that is new, or has changed.
    func row(_ token: Token, sequence: Int64, random: RandomSource) -> TokenRow {
        let box = Self.seal(
            token.details.encoded(), using: rootKeys.tokenSealing,
            authenticating: AssociatedData.tokenDetails(token.id, sequence: sequence, vault: vault), random: random)
        return TokenRow(sequence: sequence, token: token.id, sealedDetails: box.combined)
    }

    /// The token in `row`. Throws ``VaultError/damaged(_:)``.
    ///
    /// The last one is remembered with the bytes it came from, because one client asks many times.
    func token(_ row: TokenRow) throws(VaultError) -> Token {
        if let lastToken, lastToken.row == row { return lastToken.token }
        let token = try open(row)
        lastToken = (row, token)
        return token
    }

    private func open(_ row: TokenRow) throws(VaultError) -> Token {
        let data = AssociatedData.tokenDetails(row.token, sequence: row.sequence, vault: vault)
        return try Self.open(row.sealedDetails, using: rootKeys.tokenSealing, data, part: .token(row.token)) {
            Token(id: row.token, details: try TokenDetails(decoding: $0))
        }
    }

    static func seal(
        _ record: [UInt8], using key: borrowing SecretKey, authenticating associatedData: [UInt8],
        random: RandomSource
    ) -> SealedBox {
        record.withUnsafeBytes { record in
            SealedBox.seal(record: record, using: key, authenticating: associatedData, random: random)
        }
    }

    /// Opens a sealed record and reads it; whatever is wrong with it, `part` is damaged.
    static func open<R>(
        _ sealed: [UInt8], using key: borrowing SecretKey, _ associatedData: [UInt8], part: VaultError.Part,
        _ read: (UnsafeRawBufferPointer) throws -> R
    ) throws(VaultError) -> R {
        guard let box = SealedBox(combined: sealed) else { throw .damaged(part) }
        do {
            return try box.withRecord(using: key, authenticating: associatedData, read)
        } catch {
            throw .damaged(part)
        }
    }
}
