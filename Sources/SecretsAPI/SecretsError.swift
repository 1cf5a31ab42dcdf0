public import Vault

/// Why an operation was refused. No case holds a value, a name or a body.
public enum SecretsError: Error, Equatable {
    /// What was sent breaks these rules.
    case invalid([FieldFault])
    /// The caller may only read.
    case readOnly
    /// The caller may not touch that scope, or there is no such project: which of the two is not told.
    case notCovered
    /// The vault refused.
    case vault(VaultError)
}

extension Problem {
    /// The problem that `error` is to a client.
    public init(_ error: SecretsError) {
        self =
            switch error {
            case .invalid(let faults): .invalid(faults)
            case .readOnly: .forbidden("This token may only read.")
            case .notCovered: .forbidden("This token does not cover that project, or it does not exist.")
            case .vault(let error): Problem(error)
            }
    }

    private init(_ error: VaultError) {
        self =
            switch error {
            case .noSuchSecret: .notFound("There is no secret with this id.")
            case .noSuchProject: Problem(SecretsError.notCovered)
            case .nameTaken: .conflict("A secret of this name exists in this scope already.")
            case .projectExists: .conflict("A project with this id exists already.")
            case .locked, .keysChanged: .locked
            case .storage(.readOnly): .storage("The vault's file cannot be written.")
            case .storage(.full): .storage("The disk is full; nothing was changed.")
            case .storage(.busy): .storage("The vault is busy; try again.")
            case .storage: .storage("The vault's file cannot be read or written.")
            case .damaged, .inconsistent, .rolledBack: .internal("The vault is damaged; nothing was changed.")
            default: .internal("The request could not be carried out.")
            }
    }
}
