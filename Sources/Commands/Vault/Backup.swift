internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer backup`.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the vault to a new file, and verify the copy.",
        discussion: """
            The copy is the whole vault as it is at one moment, while others may write to it, and opens with the same \
            passphrase. An existing file is never overwritten. 'coffer restore' puts it back.

            EXAMPLE:
              coffer backup /media/stick/vault-2026-11-28.coffer
            """)

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"))
    var file: String

    @OptionGroup var options: VaultOptions

    func validate() throws {
        if file.isEmpty { throw ValidationError("the file's name is empty") }
    }

    func run() async throws {
        // Asked before the passphrase, so that nobody types one for nothing; copying checks again.
        if PrivateFile.exists(file) { throw Self.failure(.vaultExists) }
        try await options.withSecrets { secrets in
            let copied: Verification
            do throws(VaultError) {
                copied = try await RowProgress.show("verifying") { bar throws(VaultError) in
                    try await secrets.vault.backUp(to: file, by: secrets.owner, now: Clock.now(), progress: bar.show)
                }
            } catch { throw Self.failure(error) }
            Terminal.say("backed up to \(file), verified: \(copied.contents), epoch \(copied.epoch)")
        }
    }

    private static func failure(_ error: VaultError) -> Failure {
        switch error {
        case .vaultExists:
            Failure(
                .exists, "there is something at the backup's place already",
                hint: "a backup overwrites nothing: name another file")
        case .notAVault:
            Failure(.badInput, "the backup's path is not that of a file", hint: "name a file that is not there yet")
        // There is no vault here: what is not there is the place, as in /proc.
        case .noVault, .storage(.permission), .storage(.readOnly):
            Failure(
                .inputOutput, "the backup cannot be written there",
                hint: "check its folder: 'ls -ld'; the vault, too, must lie where it can be written")
        default: Failure(error)
        }
    }
}
