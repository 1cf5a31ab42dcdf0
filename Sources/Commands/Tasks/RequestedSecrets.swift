internal import Glibc
internal import SecretsAPI
internal import TaskRuntime
internal import Vault

/// What a command line says of the secrets that a task or an env file is to get.
struct RequestedSecrets {
    /// The project whose secrets are added, by its name or id.
    var project: String?
    /// Secrets that are added, by their names or ids.
    var wanted: [String] = []
    /// Whether all secrets of these scopes are taken.
    var all = false

    /// The selected secrets, in order of their names: those of the command line, and of the project file where the
    /// command line names no project. Throws ``Failure``.
    func resolve(in secrets: Secrets) async throws(Failure) -> SelectedSecrets {
        let file = project == nil ? try Self.projectFile() : nil
        let project = project ?? file?.file.project
        var id: Identifier?
        if let project { id = try await ProjectReference.resolve(project, in: secrets).id }
        do {
            let selection = Selection(project: id, wanted: wanted, listed: file?.file.secrets ?? [], all: all)
            return try await selection.resolve(in: secrets)
        } catch { throw Failure(error) }
    }

    /// The project file of the working directory or of one above it. Throws ``Failure``.
    static func projectFile() throws(Failure) -> (path: String, file: ProjectFile)? {
        guard let here = getcwd(nil, 0) else { return nil }
        defer { free(here) }
        do throws(ProjectFileError) {
            return try ProjectFile.nearest(to: String(cString: here)) { path in
                Terminal.say("warning: \(path) is another user's, or open for everybody to write, and was passed over")
            }
        } catch {
            throw Failure(
                .badInput, "\(error.path) \(error.reason)", hint: "correct it, or name the project with --project")
        }
    }
}

extension SelectedSecrets {
    /// Says which secrets were passed over.
    func notePassedOver() {
        for secret in passedOver {
            Terminal.say(
                "note: \(secret.metadata.name) steers the programs that a task runs, so only --secret adds it")
        }
    }
}
