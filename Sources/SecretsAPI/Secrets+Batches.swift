public import Sodium
public import Vault

/// Many new secrets of one scope, in order; no two of the same name.
public struct SecretBatchRequest: Sendable {
    /// Their names.
    public let names: [String]
    /// Their values, in the order of the names.
    public let values: SecureList
    /// What to call each in a message: where it was found.
    public let locations: [String]
    /// The project they go into; nil for personal secrets.
    public let project: Identifier?
    /// Whether tasks get them without asking for them by name.
    public let defaultAvailable: Bool

    /// A request as given; the arrays are equally long.
    public init(
        names: [String], values: SecureList, locations: [String], project: Identifier?, defaultAvailable: Bool
    ) {
        precondition(names.count == values.count && names.count == locations.count)
        self.names = names
        self.values = values
        self.locations = locations
        self.project = project
        self.defaultAvailable = defaultAvailable
    }
}

/// Many secrets at once: the owner's, at the command line. No request reaches these.
extension Secrets {
    /// Stores new secrets, all of them or none; with `isRehearsal`, tells only what would become of each.
    ///
    /// `progress` is told, on the vault's executor, how many are written. Throws ``SecretsError/invalid(_:)`` with all
    /// that breaks a rule, and ``SecretsError/vault(_:)``.
    public func create(
        _ request: SecretBatchRequest, onConflict policy: ConflictPolicy, isRehearsal: Bool = false,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(SecretsError) -> [StoredSecret] {
        var faults: [FieldFault] = []
        var secrets: [NewSecret] = []
        request.values.reading { values in
            for (index, name) in request.names.enumerated() {
                if let fault = SecretName.fault(in: name) { faults.append(FieldFault(request.locations[index], fault)) }
                do throws(FieldFault) {
                    let mask = try values.withUnsafeBytes(at: index) { bytes throws(FieldFault) in
                        try SecretValue.mask(bytes, location: request.locations[index])
                    }
                    secrets.append(
                        NewSecret(
                            project: request.project, name: name, mask: mask,
                            defaultAvailable: request.defaultAvailable, createdByAgent: false))
                } catch { faults.append(error) }
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        do {
            return try await vault.createSecrets(
                secrets, values: request.values, project: request.project, onConflict: policy,
                isRehearsal: isRehearsal, by: owner, now: now(), progress: progress)
        } catch { throw .vault(error) }
    }

    /// The values of the secrets `ids`, in this order. Throws ``SecretsError``: no such secret.
    public func reveal(_ ids: [Identifier], for purpose: RevealPurpose) async throws(SecretsError) -> SecureList {
        do { return try await vault.reveal(ids, for: purpose, by: owner, now: now()) } catch { throw .vault(error) }
    }

    /// How many characters (Unicode code points) the values of the secrets `ids` have, in this order.
    ///
    /// Throws ``SecretsError``: no such secret.
    public func characterCounts(_ ids: [Identifier]) async throws(SecretsError) -> [Int] {
        do { return try await vault.characterCounts(ids) } catch { throw .vault(error) }
    }
}
