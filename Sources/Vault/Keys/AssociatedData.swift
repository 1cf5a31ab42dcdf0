internal import Sodium

/// The place a sealed record belongs to, authenticated with it so that no row or column can stand in for another.
///
/// A label, a zero byte, then fields of fixed size (docs/format.md, "Associated data"): two different places never
/// give the same bytes.
struct AssociatedData {
    private(set) var bytes: [UInt8]

    private init(_ label: StaticString, vault: Identifier) {
        bytes = []
        bytes.reserveCapacity(160)
        label.withUTF8Buffer { bytes += $0 }
        bytes.append(0)
        bytes.append(vault)
    }

    /// Of a key slot's wrapped root key.
    static func keySlot(_ slot: KeySlot, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/key-slot", vault: vault)
        data.bytes.append(bigEndian: slot.number)
        data.bytes.append(slot.kind.code)
        data.bytes.append(bigEndian: UInt64(slot.cost.operations))
        data.bytes.append(bigEndian: slot.cost.memory)
        data.bytes += slot.salt
        return data.bytes
    }

    /// Of a wrapped scope key.
    static func scopeKey(_ scope: Identifier, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/scope-key", vault: vault)
        data.bytes.append(scope)
        return data.bytes
    }

    /// Of a scope's details.
    static func scopeDetails(_ scope: Identifier, sequence: Int64, revision: Int64, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/scope-details", vault: vault)
        data.bytes.append(scope)
        data.bytes.append(bigEndian: sequence)
        data.bytes.append(bigEndian: revision)
        return data.bytes
    }

    /// Of a secret's metadata, which vouch for the whole row.
    static func secretMetadata(_ row: SecretRow.Place, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-metadata", vault: vault)
        data.bytes.append(row.scope)
        data.bytes.append(row.id)
        data.bytes.append(bigEndian: row.sequence)
        data.bytes += row.nameTag
        data.bytes.append(bigEndian: row.metadataRevision)
        data.bytes.append(bigEndian: row.valueRevision)
        return data.bytes
    }

    /// Of a secret's value, which stays as it is while metadata change.
    static func secretValue(_ row: SecretRow.Place, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-value", vault: vault)
        data.bytes.append(row.scope)
        data.bytes.append(row.id)
        data.bytes.append(bigEndian: row.valueRevision)
        return data.bytes
    }

    /// Of what is known of a former value.
    static func secretVersion(_ version: VersionRow.Place, scope: Identifier, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/secret-version", vault: vault)
        data.bytes.append(scope)
        data.bytes.append(version.secret)
        data.bytes.append(bigEndian: version.revision)
        return data.bytes
    }

    /// Of the state.
    static func state(vault: Identifier) -> [UInt8] {
        AssociatedData("coffer/1/state", vault: vault).bytes
    }

    /// Of an event.
    static func event(sequence: Int64, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/event", vault: vault)
        data.bytes.append(bigEndian: sequence)
        return data.bytes
    }

    /// Of a token's details.
    static func tokenDetails(_ token: Identifier, sequence: Int64, vault: Identifier) -> [UInt8] {
        var data = AssociatedData("coffer/1/token-details", vault: vault)
        data.bytes.append(token)
        data.bytes.append(bigEndian: sequence)
        return data.bytes
    }
}
