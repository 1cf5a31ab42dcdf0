public import SecretsAPI
public import Vault

/// Which secrets a task gets.
///
/// Those available by default of the personal scope and, where there is a project, of the project; plus each that is
/// asked for by name or id; or all. A project's secret stands before a personal one of the same name.
public struct Selection: Sendable {
    /// The project, besides the personal scope.
    public let project: Identifier?
    /// Names and ids of secrets that are wanted in any case.
    public let wanted: [String]
    /// Names and ids that a project file lists, which are wanted as well.
    public let listed: [String]
    /// Whether all secrets of these scopes are wanted.
    public let all: Bool

    /// A selection as given.
    public init(project: Identifier?, wanted: [String], listed: [String] = [], all: Bool) {
        self.project = project
        self.wanted = wanted
        self.listed = listed
        self.all = all
    }

    /// The selected secrets, one for each name, in order of their names.
    ///
    /// Throws ``SelectionError``; nothing has been started or revealed by then.
    public func resolve(in secrets: Secrets) async throws(SelectionError) -> SelectedSecrets {
        var chosen: [String: SelectedSecret] = [:]
        do {
            // The project comes second, so that its secrets replace personal ones.
            for scope in project.map({ [nil, $0] }) ?? [nil] {
                for secret in try await secrets.vault.secrets(project: scope).secrets {
                    guard let reason = reason(for: secret) else { continue }
                    chosen[secret.name] = SelectedSecret(metadata: secret, reason: reason)
                }
            }
        } catch { throw .secrets(.vault(error)) }
        for (references, reason) in [(listed, Reason.listed), (wanted, .wanted)] {
            for reference in references where chosen[reference] == nil {
                let secret = try await find(reference, in: secrets)
                // Asked for by its id, a personal secret still stands behind the project's of its name.
                if let project, chosen[secret.name]?.metadata.scope == project, secret.scope != project { continue }
                chosen[secret.name] = SelectedSecret(metadata: secret, reason: reason)
            }
        }
        let sorted = chosen.values.sorted { $0.metadata.name < $1.metadata.name }
        // Whoever may write to the vault can make a secret available by default, and whoever may write to the directory
        // can list it, so a name that steers the programs a task runs takes a person who names it.
        let isPassedOver = { (secret: SelectedSecret) in
            secret.reason != .wanted && SteeringName.matches(secret.metadata.name)
        }
        return SelectedSecrets(
            secrets: sorted.filter { !isPassedOver($0) }, passedOver: sorted.filter(isPassedOver))
    }

    /// Why `secret`, of one of the scopes, is selected; nil when it is not.
    private func reason(for secret: SecretMetadata) -> Reason? {
        if wanted.contains(secret.name) { return .wanted }
        if listed.contains(secret.name) { return .listed }
        if secret.defaultAvailable { return .defaultAvailable }
        return all ? .all : nil
    }

    private func find(_ reference: String, in secrets: Secrets) async throws(SelectionError) -> SecretMetadata {
        do { return try await secrets.find(reference, project: project) } catch {
            throw error == .vault(.noSuchSecret) ? .unknown(reference) : .secrets(error)
        }
    }
}

/// Why secrets could not be selected.
public enum SelectionError: Error, Equatable {
    /// No secret in these scopes has this name or id.
    case unknown(String)
    /// The vault could not tell.
    case secrets(SecretsError)
}
