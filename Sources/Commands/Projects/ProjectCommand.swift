internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer project`.
struct ProjectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "project",
        abstract: "Create, list and delete projects, which are scopes of secrets.",
        discussion: """
            EXAMPLE:
              coffer project create web
              coffer add TLS_KEY --project web --from-file key.pem
            """,
        subcommands: [ProjectCreate.self, ProjectList.self, ProjectDelete.self])
}

/// `coffer project create`.
struct ProjectCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a project.",
        discussion: """
            EXAMPLE:
              coffer project create web
            """)

    @Argument(help: ArgumentHelp("Its name, of at most 128 characters.", valueName: "name"))
    var name: String

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        let request: CreateProjectRequest
        do { request = try CreateProjectRequest(name: name) } catch { throw Failure(error) }
        try await options.withSecrets { secrets in
            // The API lets several projects share a name; at the command line a name is how projects are told apart.
            guard try await !secrets.projects(by: .owner).projects.contains(where: { $0.name == name }) else {
                throw Failure(
                    .exists, "a project of this name exists already", hint: "'coffer project list' shows them")
            }
            let answer = try await secrets.createProject(request, by: .owner)
            if json { try Output.json(answer) } else { try Output.line(answer.project.id) }
        }
    }
}

/// `coffer project list`.
struct ProjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List projects, in order of creation.",
        discussion: """
            EXAMPLE:
              coffer project list
            """)

    @Flag(help: "Print JSON, as the API answers.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let list = try await secrets.projects(by: .owner)
            if json { return try Output.json(list) }
            var table = Table(heading: ["NAME", "CREATED", "ID"])
            table.rows = list.projects.map { [$0.name, $0.createdAt, $0.id] }
            try table.print()
        }
    }
}

/// `coffer project delete`.
struct ProjectDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a project, and the key to its secrets.",
        discussion: """
            A project that still has secrets is deleted only with --with-secrets: they cannot be brought back.

            EXAMPLE:
              coffer project delete web --with-secrets
            """)

    @Argument(help: ArgumentHelp("The project's name, or its id.", valueName: "project"))
    var project: String

    @Flag(help: "Delete its secrets too.")
    var withSecrets = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        try await options.withSecrets { secrets in
            let project = try await ProjectReference.resolve(project, in: secrets)
            let first = try await secrets.vault.secrets(project: project.id, limit: 1)
            guard withSecrets || first.secrets.isEmpty else {
                throw Failure(
                    .badInput, "the project still has secrets",
                    hint: "--with-secrets deletes them too; nothing was changed")
            }
            try await secrets.vault.deleteProject(project.id, by: secrets.owner, now: Clock.now())
            Terminal.say("deleted project \(project.id)")
        }
    }
}
