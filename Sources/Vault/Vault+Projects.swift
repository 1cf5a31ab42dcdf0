extension Vault {
    /// Stores a new project; its id is `project`, or a fresh one.
    ///
    /// Throws ``VaultError/projectExists``, ``VaultError/storage(_:)``.
    public func createProject(_ details: ScopeDetails, id project: Identifier?) throws(VaultError) -> Project {
        let keys = try keys()
        let project = project ?? Identifier(random: random)
        try connection.write { database in
            let sequence = try database.nextSequence(in: "scopes")
            try keys.newScope(project, details, sequence: sequence, random: random).insert(into: database)
        }
        return Project(id: project, details: details)
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
    public func deleteProject(_ project: Identifier) throws(VaultError) {
        _ = try keys()
        guard project != id else { throw .noSuchProject }
        try connection.write { try ScopeRow.delete(project, from: $0) }
    }
}
