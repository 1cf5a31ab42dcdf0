internal import SecretsAPI
internal import Vault

extension LoggedEvent {
    /// The event as a row of a table: its number, when, who, what, and the secrets; of those, `most` are named.
    func row(namingAtMost most: Int) -> [String] {
        let names = event.subjects.filter { $0.kind == .secret }.map(\.label)
        var list = names.prefix(most).joined(separator: ",")
        if names.count > most { list += " and \(names.count - most) more" }
        return [String(sequence), Timestamp.text(event.time), event.actor.words, event.words, list]
    }
}

extension Actor {
    /// Who this is: a user with their terminal, or a token.
    var words: String {
        switch kind {
        case .user: terminal.isEmpty ? name : "\(name) \(terminal)"
        case .token: "token \(name)"
        }
    }
}

extension Event {
    /// What was done. The secrets that it was done to stand beside it; a project or a token is named here.
    var words: String {
        let other = subjects.first.map(\.label) ?? ""
        return switch kind {
        case .run: "run \(detail)"
        case .versionRestored: "version \(number) restored"
        case .projectCreated: "project \(other) created"
        case .projectDeleted: "project \(other) deleted"
        case .tokenCreated: "token \(other) created"
        case .tokenRevoked: "token \(other) revoked"
        case .tokensPruned:
            subjects.count == 1 ? "ended token \(other) removed" : "\(subjects.count) ended tokens removed"
        case .unlockFailed: number == 1 ? "1 failed unlock" : "\(number) failed unlocks"
        case .rollbackAccepted: "rollback to epoch \(number) accepted"
        case .logPruned: number == 1 ? "1 event removed" : "\(number) events removed"
        case .vaultRestored: "restored from a copy of epoch \(number)"
        case .vaultCreated: "vault created"
        case .vaultSalvaged: "vault salvaged"
        case .backedUp: "backed up"
        case .passphraseChanged: "passphrase changed"
        case .recoveryCodeCreated: "recovery code created"
        case .recoveryCodeRevoked: "recovery code revoked"
        case .rekeyed: subjects.isEmpty ? "rekeyed" : "rekeyed, \(subjects.count.of("token")) revoked"
        default: EventKind(kind).rawValue
        }
    }
}

extension Event.Subject {
    /// Its name at that time, or its id where the name could not be read.
    fileprivate var label: String { name.isEmpty ? id.description : name }
}
