internal import Sodium

/// The place a sealed record belongs to, authenticated with it so that no row or column can stand in for another.
///
/// A label, a zero byte, then fields of fixed size (docs/format.md, "Associated data"): two different places never
/// give the same bytes.
struct AssociatedData {
    private(set) var bytes: [UInt8]

    private init(_ label: StaticString, vault: Identifier) {
        bytes = label.withUTF8Buffer(Array.init)
        bytes.append(0)
        bytes += vault.bytes
    }

    /// Of a key slot's wrapped root key.
    static func keySlot(_ slot: KeySlot, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/key-slot", vault: vault)
        data.bytes += UInt64(bitPattern: slot.number).bigEndianBytes
        data.bytes.append(slot.kind.code)
        data.bytes += UInt64(slot.cost.operations).bigEndianBytes
        data.bytes += slot.cost.memory.bigEndianBytes
        data.bytes += slot.salt
        return data.bytes
    }

    /// Of a wrapped scope key.
    static func scopeKey(_ scope: Identifier, vault: Identifier) -> [UInt8] {
        AssociatedData("coffer/1/scope-key", vault: vault).bytes + scope.bytes
    }

    /// Of a scope's details.
    static func scopeDetails(_ scope: Identifier, sequence: Int64, revision: Int64, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/scope-details", vault: vault)
        data.bytes += scope.bytes
        data.bytes += UInt64(bitPattern: sequence).bigEndianBytes
        data.bytes += UInt64(bitPattern: revision).bigEndianBytes
        return data.bytes
    }

    /// Of a secret's metadata, which vouch for the whole row.
    static func secretMetadata(_ row: SecretRow.Place, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-metadata", vault: vault)
        data.bytes += row.scope.bytes
        data.bytes += row.id.bytes
        data.bytes += UInt64(bitPattern: row.sequence).bigEndianBytes
        data.bytes += row.nameTag
        data.bytes += UInt64(bitPattern: row.metadataRevision).bigEndianBytes
        data.bytes += UInt64(bitPattern: row.valueRevision).bigEndianBytes
        return data.bytes
    }

    /// Of a secret's value, which stays as it is while metadata change.
    static func secretValue(_ row: SecretRow.Place, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-value", vault: vault)
        data.bytes += row.scope.bytes
        data.bytes += row.id.bytes
        data.bytes += UInt64(bitPattern: row.valueRevision).bigEndianBytes
        return data.bytes
    }

    /// Of what is known of a former value.
    static func secretVersion(_ version: VersionRow.Place, scope: Identifier, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-version", vault: vault)
        data.bytes += scope.bytes
        data.bytes += version.secret.bytes
        data.bytes += UInt64(bitPattern: version.revision).bigEndianBytes
        return data.bytes
    }

    /// Of the state.
    static func state(vault: Identifier) -> [UInt8] {
        AssociatedData("coffer/1/state", vault: vault).bytes
    }

    /// Of an event.
    static func event(sequence: Int64, vault: Identifier) -> [UInt8] {
        AssociatedData("coffer/1/event", vault: vault).bytes + UInt64(bitPattern: sequence).bigEndianBytes
    }

    /// Of a token's details.
    static func tokenDetails(_ token: Identifier, sequence: Int64, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/token-details", vault: vault)
        data.bytes += token.bytes
        data.bytes += UInt64(bitPattern: sequence).bigEndianBytes
        return data.bytes
    }
}
