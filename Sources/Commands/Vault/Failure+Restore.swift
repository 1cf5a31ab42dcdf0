internal import Vault

extension Failure {
    /// For a backup that is not put in the vault's place.
    init(_ error: RestoreError) {
        switch error {
        case .backup(let error): self = Self.backup(error)
        case .vault(let error): self = Self.vault(error)
        case .sameFile:
            self.init(.badInput, "the backup is the vault itself", hint: "--vault names the vault to restore to")
        case .otherVault:
            self.init(
                .badInput, "the backup is not one of the vault that is there",
                hint:
                    "'coffer status' tells a vault's id; --vault names another place, also for one from before 'coffer rekey'"
            )
        case .newer(let vault, let backup) where vault == backup:
            self.init(
                .exists, "the vault and the backup were both written to since they were the same (epoch \(vault))",
                hint: Self.replaceNewer)
        case .newer(let vault, let backup):
            self.init(
                .exists, "the vault was written to since the backup was made (epoch \(vault), after \(backup))",
                hint: Self.replaceNewer)
        }
    }

    private static let replaceNewer =
        "--replace-newer restores it all the same; 'coffer backup' keeps what would be lost"

    private static func backup(_ error: VaultError) -> Failure {
        switch error {
        case .noVault:
            Failure(.notFound, "there is no backup here", hint: "name the file that 'coffer backup' made")
        case .notAVault:
            Failure(
                .badInput, "the file is not a backup of a Coffer vault",
                hint: "name the file that 'coffer backup' made")
        case .newerSchema(let version):
            Failure(
                .badInput, "the backup has schema version \(version), made by a newer Coffer",
                hint: "install the newest Coffer; nothing was changed")
        case .wrongPassphrase:
            Failure(
                .wrongPassphrase, "the passphrase does not open the backup",
                hint: "it takes the one that the vault had then; a key slot that was tampered with looks the same")
        case .damaged, .inconsistent:
            Failure(
                .damaged, Failure(error).message.replacing("the vault is", with: "the backup is"),
                hint: "nothing was changed; try another, or save with 'coffer salvage' what it still holds")
        default: Failure(error)
        }
    }

    private static func vault(_ error: VaultError) -> Failure {
        let away = "to restore in its place, move it away, with its -wal and -shm; nothing was changed"
        switch error {
        case .notAVault:
            return Failure(.badInput, "what is in the vault's place is not a Coffer vault", hint: away)
        case .wrongPassphrase:
            return Failure(
                .wrongPassphrase, "the passphrase opens the backup, and not the vault that is there", hint: away)
        case .damaged, .inconsistent: return Failure(.damaged, Failure(error).message, hint: away)
        default: return Failure(error)
        }
    }
}
