extension Vault {
    /// Stores a new project; its id is `project`, or a fresh one.
    ///
    /// Throws ``VaultError/projectExists``, ``VaultError/storage(_:)``.
    public nonisolated func createProject(
        _ details: ScopeDetails, id project: Identifier?, by actor: Actor, now: Int64
    ) async throws(VaultError) -> Project {
        let project = project ?? Identifier(random: random)
        return try await write { transaction in
            let sequence = try transaction.nextScope()
            try transaction.keys.newScope(project, details, sequence: sequence, random: transaction.random)
                .insert(into: transaction)
            try transaction.log(
                Event(.projectCreated, by: actor, at: now, [.project(project, details, vault: self.id)]))
            return Project(id: project, details: details)
        }
    }

    /// All projects, in order of creation. Throws ``VaultError/damaged(_:)``.
    public func projects() throws(VaultError) -> [Project] {
        let keys = try keys()
        var projects: [Project] = []
        for row in try connection.read(ScopeRow.fetchAll) where row.scope != id {
            projects.append(Project(id: row.scope, details: try keys.details(row)))
        }
        return projects
    }

    /// Deletes a project with its secrets and the only copy of their key.
    ///
    /// Throws ``VaultError/noSuchProject``, also for the personal scope, and ``VaultError/storage(_:)``.
    public nonisolated func deleteProject(
        _ project: Identifier, by actor: Actor, now: Int64
    ) async throws(VaultError) {
        try await write { transaction in
            guard project != self.id, let row = try ScopeRow.fetch(project, from: transaction.database) else {
                throw VaultError.noSuchProject
            }
            // A project that is damaged can be deleted; it has no name then.
            let details = (try? transaction.keys.details(row)) ?? ScopeDetails(name: "", createdAt: now)
            try row.delete(from: transaction)
            try transaction.log(
                Event(.projectDeleted, by: actor, at: now, [.project(project, details, vault: self.id)]))
        }
    }
}
