public import Sodium
public import Vault

/// What only the owner does, at the command line. No request reaches these.
extension Secrets {
    /// The secret that `reference` names in a project or in the personal scope: a name, or an id anywhere.
    ///
    /// Throws ``SecretsError``: no such secret, no such project.
    public func find(_ reference: String, project: Identifier?) async throws(SecretsError) -> SecretMetadata {
        do {
            if let id = Identifier(reference) { return try await vault.metadata(of: id) }
            return try await vault.metadata(named: reference, project: project)
        } catch { throw .vault(error) }
    }

    /// The value of a secret, or a former one, by its revision: the only operation that yields one.
    ///
    /// Throws ``SecretsError``: no such secret, no such version.
    public func reveal(_ id: Identifier, version: Int64? = nil) async throws(SecretsError) -> SharedSecureBytes {
        do { return try await vault.reveal(id, version: version, by: owner, now: now()) } catch { throw .vault(error) }
    }

    /// Gives a secret a former value again. Throws ``SecretsError``: no such secret, no such version.
    public func restoreVersion(_ revision: Int64, of id: Identifier) async throws(SecretsError) -> Secret {
        do {
            return shape(try await vault.restoreVersion(revision, of: id, by: owner, now: now()))
        } catch { throw .vault(error) }
    }

    /// Gives a secret another name, another flag or both. Throws ``SecretsError``: invalid name, name taken.
    public func update(
        _ id: Identifier, name: String?, defaultAvailable: Bool?
    ) async throws(SecretsError) -> Secret {
        if let fault = name.flatMap(SecretName.fault) { throw .invalid([FieldFault("name", fault)]) }
        do {
            return shape(
                try await vault.updateMetadata(
                    of: id, name: name, defaultAvailable: defaultAvailable, by: owner, now: now()))
        } catch { throw .vault(error) }
    }

    /// Gives a secret a new value. Throws ``SecretsError``: no such secret.
    public func rotate(_ id: Identifier, to value: SecretValue) async throws(SecretsError) -> Secret {
        do {
            return shape(try await vault.rotate(id, value: value.bytes, mask: value.mask, by: owner, now: now()))
        } catch { throw .vault(error) }
    }

    /// The shape of a secret found by ``find(_:project:)``.
    public func show(_ metadata: SecretMetadata) -> Secret {
        shape(metadata)
    }
}
