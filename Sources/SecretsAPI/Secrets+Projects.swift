internal import Vault

extension Secrets {
    /// `POST /api/v1/projects`. Throws ``SecretsError``: id taken, read only, not covered.
    public func createProject(
        _ request: CreateProjectRequest, by caller: Caller
    ) async throws(SecretsError) -> ProjectAnswer {
        try requireWriting(caller)
        // A token limited to some projects was given no say over others.
        guard caller.projects == nil else { throw .notCovered }
        let details = ScopeDetails(
            name: request.name, settings: request.settings, tags: request.tags, createdAt: now())
        do {
            return ProjectAnswer(
                project: ProjectShape(
                    try await vault.createProject(details, id: request.id, by: actor(caller), now: now())))
        } catch { throw .vault(error) }
    }

    /// `GET /api/v1/projects`: those that the caller covers, in order of creation.
    public func projects(by caller: Caller) async throws(SecretsError) -> ProjectList {
        do {
            let shapes = try await vault.projects().filter { caller.covers($0.id) }.map(ProjectShape.init)
            return ProjectList(projects: shapes, count: shapes.count)
        } catch { throw .vault(error) }
    }
}
