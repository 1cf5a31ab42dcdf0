internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// Which events are asked for: those that all of these options let pass.
struct AuditFilter: ParsableArguments {
    @Option(help: ArgumentHelp("From this time on: 2026-01-02T03:04:05Z, or so long ago: 2h, 7d.", valueName: "time"))
    var since: PointInTime?

    @Option(help: ArgumentHelp("Before this time.", valueName: "time"))
    var until: PointInTime?

    @Option(help: ArgumentHelp("About this secret, by its id or the name it had then.", valueName: "name"))
    var secret: String?

    @Option(help: ArgumentHelp("By the user, or with the token, of this name.", valueName: "name"))
    var actor: String?

    @Option(name: .customLong("kind"), help: ArgumentHelp("Of this kind; repeatable.", valueName: "kind"))
    var kinds: [EventKind] = []

    /// The filter at the time `now`.
    func resolved(now: Int64) -> Resolved {
        Resolved(
            since: since?.seconds(now: now), until: until?.seconds(now: now), name: secret,
            id: secret.flatMap { Identifier($0) }, actor: actor, kinds: Set(kinds))
    }

    /// A filter whose times are fixed.
    struct Resolved {
        let since: Int64?
        let until: Int64?
        let name: String?
        let id: Identifier?
        let actor: String?
        let kinds: Set<EventKind>

        /// Whether `logged` is asked for.
        func matches(_ logged: LoggedEvent) -> Bool {
            let event = logged.event
            if let since, event.time < since { return false }
            if let until, event.time >= until { return false }
            if let actor, event.actor.name != actor { return false }
            if !kinds.isEmpty, !kinds.contains(EventKind(event.kind)) { return false }
            guard let name else { return true }
            return event.subjects.contains { $0.kind == .secret && ($0.name == name || $0.id == id) }
        }
    }
}
