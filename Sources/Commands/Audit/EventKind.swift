internal import ArgumentParser
internal import Vault

/// The kinds of events, as they are named on the command line and in JSON.
enum EventKind: String, CaseIterable, ExpressibleByArgument {
    case vaultCreated = "vault-created"
    case secretCreated = "created"
    case secretUpdated = "updated"
    case secretRotated = "rotated"
    case secretDeleted = "deleted"
    case versionRestored = "version-restored"
    case revealed
    case run
    case exported
    case injected
    case imported
    case projectCreated = "project-created"
    case projectDeleted = "project-deleted"
    case tokenCreated = "token-created"
    case tokenRevoked = "token-revoked"
    case tokensPruned = "tokens-pruned"
    case unlockFailed = "unlock-failed"
    case rollbackAccepted = "rollback-accepted"
    case logPruned = "log-pruned"
    case vaultRestored = "vault-restored"
    case vaultSalvaged = "vault-salvaged"
    case backedUp = "backed-up"
    case passphraseChanged = "passphrase-changed"
    case recoveryCodeCreated = "recovery-created"
    case recoveryCodeRevoked = "recovery-revoked"
    case rekeyed

    /// The name of `kind`.
    init(_ kind: Event.Kind) {
        self =
            switch kind {
            case .vaultCreated: .vaultCreated
            case .secretCreated: .secretCreated
            case .secretUpdated: .secretUpdated
            case .secretRotated: .secretRotated
            case .secretDeleted: .secretDeleted
            case .versionRestored: .versionRestored
            case .revealed: .revealed
            case .run: .run
            case .exported: .exported
            case .injected: .injected
            case .imported: .imported
            case .projectCreated: .projectCreated
            case .projectDeleted: .projectDeleted
            case .tokenCreated: .tokenCreated
            case .tokenRevoked: .tokenRevoked
            case .tokensPruned: .tokensPruned
            case .unlockFailed: .unlockFailed
            case .rollbackAccepted: .rollbackAccepted
            case .logPruned: .logPruned
            case .vaultRestored: .vaultRestored
            case .vaultSalvaged: .vaultSalvaged
            case .backedUp: .backedUp
            case .passphraseChanged: .passphraseChanged
            case .recoveryCodeCreated: .recoveryCodeCreated
            case .recoveryCodeRevoked: .recoveryCodeRevoked
            case .rekeyed: .rekeyed
            }
    }
}
