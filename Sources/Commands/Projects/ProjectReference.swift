internal import ArgumentParser
package import SecretsAPI
package import Vault

/// Which project a command is about.
struct ProjectOption: ParsableArguments {
    @Option(help: ArgumentHelp("A project, by name or id; without it, the personal secrets.", valueName: "project"))
    var project: String?

    /// The project's id; nil for the personal scope. Throws ``Failure``.
    func resolve(in secrets: Secrets) async throws(Failure) -> Identifier? {
        guard let project else { return nil }
        return try await ProjectReference.resolve(project, in: secrets).id
    }
}

/// A project's name or id, as typed.
package enum ProjectReference {
    /// The project. Throws ``Failure`` when there is none, or several of that name.
    package static func resolve(_ reference: String, in secrets: Secrets) async throws(Failure) -> Project {
        let projects: [Project]
        do { projects = try await secrets.vault.projects() } catch { throw Failure(error) }
        if let id = Identifier(reference), let project = projects.first(where: { $0.id == id }) { return project }
        let named = projects.filter { $0.details.name == reference }
        guard let project = named.first else { throw Failure(.noSuchProject) }
        guard named.count == 1 else {
            throw Failure(
                .badInput, "several projects have this name", hint: "name one by its id: see 'coffer project list'")
        }
        return project
    }
}
