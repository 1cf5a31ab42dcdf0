internal import ArgumentParser
internal import Vault

/// `coffer restore`.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the vault's place.",
        discussion: """
            The backup is verified first; it stays as it is. Where there is a vault already, the backup must be one of \
            the same vault and not older than it, unless --replace-newer is given. The passphrase must open both. \
            Running servers go on with what was restored.

            EXAMPLE:
              coffer restore /media/stick/vault-2026-11-28.coffer
              coffer restore --replace-newer vault-2026-11-28.coffer
            """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String

    @Flag(help: "Replace a vault that was written to since; what was is lost.")
    var replaceNewer = false

    @OptionGroup var options: VaultOptions

    func validate() throws {
        if file.isEmpty { throw ValidationError("the file's name is empty") }
    }

    func run() async throws {
        let path = try options.path()
        // Asked before the passphrase, so that nobody types one for nothing.
        if !PrivateFile.exists(file) { throw Failure(RestoreError.backup(.noVault)) }
        let passphrase = try options.passphrase()
        let restored: Restoration
        do throws(RestoreError) {
            restored = try await RowProgress.show("verifying") { bar throws(RestoreError) in
                try await Vault.restore(
                    from: file, to: path, passphrase: passphrase, notes: StateFolder.path,
                    replacingNewer: replaceNewer, by: LocalUser.actor, now: Clock.now(), progress: bar.show)
            }
        } catch { throw Failure(error) }
        VaultWarnings.warnOfUnlockedMemory()
        Terminal.say("restored \(path), verified: \(restored.copied.contents), epoch \(restored.epoch)")
    }
}
