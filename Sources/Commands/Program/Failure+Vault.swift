internal import Vault

extension Failure {
    /// For what the vault refuses.
    init(_ error: VaultError) {
        switch error {
        case .noVault:
            self.init(.notFound, "there is no vault here", hint: "'coffer init' creates one; --vault names another")
        case .vaultExists:
            self.init(
                .exists, "there is something at the vault's place already",
                hint: "'coffer status' tells what; --vault names another place")
        case .notAVault(.notAFile):
            self.init(.badInput, "the vault's path is not a file", hint: "--vault names the vault's file")
        case .notAVault(.notSQLite):
            self.init(.badInput, "the file is not a Coffer vault", hint: "--vault names the vault's file")
        case .notAVault(.foreign):
            self.init(
                .badInput, "the file is another program's SQLite database",
                hint: "--vault names the vault's file")
        case .newerSchema(let version):
            self.init(
                .badInput, "the vault has schema version \(version), made by a newer Coffer",
                hint: "install the newest Coffer; nothing was changed")
        case .wrongPassphrase:
            self.init(
                .wrongPassphrase, "wrong passphrase",
                hint: "try again; a key slot that was tampered with looks the same")
        case .wrongRecoveryCode:
            self.init(
                .wrongPassphrase, "this recovery code does not open the vault",
                hint: "it was revoked or replaced, or is another vault's; the passphrase opens it")
        case .mistypedRecoveryCode:
            self.init(
                .badInput, "the recovery code has a typing error",
                hint: "compare it with the paper: 14 groups of 4; case, blanks and hyphens do not matter")
        case .passphraseNeeded:
            self.init(
                .badInput, "a recovery code does not do here, since it would be revoked",
                hint: "set a passphrase with 'coffer passphrase change' first, and give that")
        case .recoveryCodeExists:
            self.init(
                .exists, "there is a recovery code already",
                hint: "--replace makes another, and the one that there is opens nothing then")
        case .noRecoveryCode:
            self.init(.notFound, "there is no recovery code", hint: "'coffer recovery create' makes one")
        case .noFreeSlot:
            self.init(
                .exists, "all 16 key slots of the vault are taken", hint: "'coffer status' shows them")
        case .keysChanged:
            self.init(
                .locked, "the vault's keys were changed since it was unlocked",
                hint: "nothing was changed by this; unlock it anew, with what opens it now")
        case .locked:
            self.init(.locked, "the vault is locked", hint: "give the passphrase: see 'coffer --help'")
        case .noSuchSecret:
            self.init(.notFound, "no such secret", hint: "'coffer list' shows the names; --project looks in a project")
        case .noSuchProject:
            self.init(.notFound, "no such project", hint: "'coffer project list' shows them")
        case .noSuchToken:
            self.init(.notFound, "no such token", hint: "'coffer token list' shows them")
        case .nameTaken:
            self.init(
                .exists, "a secret of this name exists already",
                hint: "'coffer rotate NAME' gives it a new value; another name adds another secret")
        case .projectExists:
            self.init(.exists, "a project with this id exists already", hint: "'coffer project list' shows them")
        case .damaged(.mark):
            self.init(
                .damaged, "what this machine remembers of the vault is damaged or was tampered with",
                hint: "if you trust the vault as it is, 'coffer verify --accept-rollback' remembers it anew")
        case .damaged(let part):
            self = .damaged(Self.words(part))
        case .inconsistent(let damage):
            self = .damaged(Self.words(damage), hint: "nothing was changed; 'coffer verify' tells all")
        case .rolledBack(let rollback) where rollback.found >= rollback.seen:
            self.init(
                .damaged,
                "the vault is not the one that was last seen here, although as old (epoch \(rollback.found))",
                hint:
                    "a copy was written to; if you did that, 'coffer verify --accept-rollback' takes it as it is")
        case .rolledBack(let rollback):
            self.init(
                .damaged,
                "the vault is older than when it was last seen here (epoch \(rollback.found), after \(rollback.seen))",
                hint:
                    "a copy was put in its place; if you did that, 'coffer verify --accept-rollback' takes it as it is")
        case .noSuchVersion:
            self.init(
                .notFound, "no former value of that revision",
                hint: "'coffer show NAME --versions' shows those that are kept")
        case .storage(let failure):
            self.init(.inputOutput, Self.words(failure), hint: Self.hint(failure))
        case .outOfMemory:
            self.init(
                .inputOutput, "not enough memory for the key derivation",
                hint: "end other programs; 'coffer status' shows how much the vault asks for")
        }
    }

    /// For several damages: the first of them, and how many more there are.
    static func damaged(_ damage: [Damage]) -> Failure { damaged(words(damage)) }

    /// For `what` is damaged, with what leads from a damaged vault to a good one.
    private static func damaged(
        _ what: String,
        hint: String = "nothing was changed; 'coffer restore BACKUP' goes back to a copy; without one, "
            + "'coffer salvage' saves what is left"
    ) -> Failure {
        Failure(.damaged, "the vault is damaged or was tampered with: \(what)", hint: hint)
    }

    private static func words(_ damage: [Damage]) -> String {
        let told = 3
        let more = damage.count - told
        return damage.prefix(told).map(\.words).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
    }

    private static func words(_ part: VaultError.Part) -> String {
        switch part {
        case .file: "the file cannot be read"
        case .keySlot: "a key slot"
        case .scope(let id): "scope \(id)"
        case .secret(let id): "secret \(id)"
        case .token(let id): "token \(id)"
        case .version(let id, let revision): "version \(revision) of secret \(id)"
        case .event(let sequence): "event \(sequence) of the log"
        case .state: "its state"
        case .mark: "this machine's mark of its epoch"
        case .row: "a row"
        }
    }

    private static func words(_ failure: VaultError.StorageFailure) -> String {
        switch failure {
        case .permission: "no permission to read or write the vault"
        case .readOnly: "the vault cannot be written: it is read-only"
        case .full: "the disk is full"
        case .busy: "another process keeps the vault busy"
        case .inputOutput(let code): "the vault cannot be read or written (code \(code))"
        }
    }

    private static func hint(_ failure: VaultError.StorageFailure) -> String {
        switch failure {
        case .permission: "check the modes of the file and its folder, and whose they are: 'ls -l'"
        case .readOnly: "Coffer writes beside the vault even to read it: copy it to a writable place"
        case .full: "nothing was changed; make room and try again"
        case .busy: "try again"
        case .inputOutput: "check the disk; nothing that was acknowledged is lost"
        }
    }
}
