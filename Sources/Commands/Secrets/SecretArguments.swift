internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// Which secret a command is about.
struct SecretArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The secret's name, or its id.", valueName: "name"))
    var name: String

    @OptionGroup var project: ProjectOption

    /// The secret's metadata. Throws ``Failure``.
    func resolve(in secrets: Secrets) async throws(Failure) -> SecretMetadata {
        let project = try await project.resolve(in: secrets)
        do { return try await secrets.find(name, project: project) } catch { throw Failure(error) }
    }
}
