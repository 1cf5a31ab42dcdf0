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
    /// Whether all secrets of these scopes are wanted.
    public let all: Bool

    /// A selection as given.
    public init(project: Identifier?, wanted: [String], all: Bool) {
        self.project = project
        self.wanted = wanted
        self.all = all
    }

    /// The selected secrets, one for each name, in order of their names.
    ///
    /// Throws ``SelectionError``; nothing has been started or revealed by then.
    public func resolve(in secrets: Secrets) async throws(SelectionError) -> [SecretMetadata] {
        var chosen: [String: SecretMetadata] = [:]
        do {
            // The project comes second, so that its secrets replace personal ones.
            for scope in project.map({ [nil, $0] }) ?? [nil] {
                for secret in try await secrets.vault.secrets(project: scope).secrets
                where all || secret.defaultAvailable || wanted.contains(secret.name) {
                    chosen[secret.name] = secret
                }
            }
        } catch { throw .secrets(.vault(error)) }
        for reference in wanted where chosen[reference] == nil {
            do {
                let secret = try await secrets.find(reference, project: project)
                // Asked for by its id, a personal secret still stands behind the project's of its name.
                if let project, chosen[secret.name]?.scope == project, secret.scope != project { continue }
                chosen[secret.name] = secret
            } catch {
                throw error == .vault(.noSuchSecret) ? .unknown(reference) : .secrets(error)
            }
        }
        return chosen.values.sorted { $0.name < $1.name }
    }
}

/// Why secrets could not be selected.
public enum SelectionError: Error, Equatable {
    /// No secret in these scopes has this name or id.
    case unknown(String)
    /// The vault could not tell.
    case secrets(SecretsError)
}
