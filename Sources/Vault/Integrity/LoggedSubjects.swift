/// What the log says there must be, by the last event that speaks of it, and what there must not be any more.
struct LoggedSubjects {
    /// Secrets, projects and tokens as they last were.
    var expected: [Identifier: Event.Subject] = [:]
    /// Those that were deleted.
    private(set) var gone: Set<Identifier> = []
    /// Tokens that were revoked, and whose rows are still to be there.
    private(set) var revoked: Set<Identifier> = []

    /// Goes on with the next event of the log.
    mutating func note(_ event: Event) {
        for subject in event.subjects { note(event.kind, subject) }
    }

    private mutating func note(_ kind: Event.Kind, _ subject: Event.Subject) {
        switch kind {
        case .secretCreated, .secretUpdated, .secretRotated, .versionRestored, .imported, .projectCreated,
            .tokenCreated, .vaultSalvaged:
            expected[subject.id] = subject
            gone.remove(subject.id)
        // A new root key revokes the tokens that it names.
        case .secretDeleted, .tokensPruned, .rekeyed:
            remove(subject.id)
        case .tokenRevoked:
            revoked.insert(subject.id)
        case .projectDeleted:
            remove(subject.id)
            for (id, other) in expected where other.scope == subject.id { remove(id) }
        default: return
        }
    }

    private mutating func remove(_ id: Identifier) {
        expected[id] = nil
        gone.insert(id)
    }
}
