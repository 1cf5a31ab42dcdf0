internal import SecretsAPI
internal import Vault

/// An event in JSON.
struct EventShape: Encodable {
    struct Actor: Encodable {
        let kind: String
        let name: String
        let terminal: String?
    }

    struct Subject: Encodable {
        let kind: String
        let id: String
        let name: String
        let project_id: String?
        let value_version: Int64?
    }

    let sequence: Int64
    let time: String
    let kind: String
    let actor: Actor
    let program: String?
    let number: UInt64?
    let subjects: [Subject]

    /// The shape of an event in the vault `vault`.
    init(_ logged: LoggedEvent, vault: Identifier) {
        let event = logged.event
        sequence = logged.sequence
        time = Timestamp.text(event.time)
        kind = EventKind(event.kind).rawValue
        actor = Actor(
            kind: event.actor.kind == .user ? "user" : "token", name: event.actor.name,
            terminal: event.actor.terminal.isEmpty ? nil : event.actor.terminal)
        program = event.detail.isEmpty ? nil : event.detail
        number = event.number == 0 ? nil : event.number
        subjects = event.subjects.map { subject in
            Subject(
                kind: Self.word(subject.kind), id: subject.id.description, name: subject.name,
                project_id: subject.scope == vault ? nil : subject.scope.description,
                value_version: subject.valueRevision == 0 ? nil : subject.valueRevision)
        }
    }

    private static func word(_ kind: Event.Subject.Kind) -> String {
        switch kind {
        case .secret: "secret"
        case .project: "project"
        case .token: "token"
        }
    }
}
