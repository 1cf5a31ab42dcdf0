internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer salvage`.
struct Salvage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "salvage",
        abstract: "Make a new vault of what a damaged one still holds.",
        discussion: """
            Every secret whose seals hold gets into the new vault, with its id, name, flags, times and project, and \
            with its former values. Prints what is lost, a line each. The new vault has the same passphrase and new \
            keys; tokens and the log stay behind. The damaged file stays as it is, and must not be written to \
            meanwhile: end its servers first. Ends with 76 where something is lost.

            EXAMPLE:
              coffer salvage vault.coffer saved.coffer
            """)

    @Argument(help: ArgumentHelp("The damaged vault's file.", valueName: "damaged"))
    var damaged: String

    @Argument(help: ArgumentHelp("The file to make.", valueName: "new"))
    var new: String

    @Flag(help: "Print JSON: what was saved, and what is lost.")
    var json = false

    @OptionGroup var source: PassphraseOptions

    func validate() throws {
        if damaged.isEmpty || new.isEmpty { throw ValidationError("a file's name is empty") }
    }

    func run() async throws {
        // Asked before the passphrase, so that nobody types one for nothing; salvaging checks again.
        if !PrivateFile.exists(damaged) { throw Self.failure(.noVault) }
        if PrivateFile.exists(new) { throw Self.failure(.vaultExists) }
        let passphrase = try source.passphraseSource.read()
        let report: SalvageReport
        do throws(VaultError) {
            report = try await RowProgress.show("saving") { bar throws(VaultError) in
                try await Vault.salvage(
                    from: damaged, to: new, passphrase: passphrase, by: LocalUser.actor, now: Clock.now(),
                    progress: bar.show)
            }
        } catch { throw Self.failure(error) }
        VaultWarnings.warnOfUnlockedMemory()
        if json { try Output.json(SalvageShape(report)) } else { try report.lostTable.print() }
        for line in report.notes { Terminal.say(line) }
        guard report.lost.isEmpty else {
            throw Failure(
                .damaged, "not everything could be saved: \(report.lost.count.of("line")) above",
                hint: "the new vault has the rest; keep the damaged file, and look for a backup")
        }
    }

    private static func failure(_ error: VaultError) -> Failure {
        switch error {
        case .noVault: Failure(.notFound, "there is no damaged vault here", hint: "the first path is the damaged file")
        case .vaultExists:
            Failure(
                .exists, "there is something at the new vault's place already",
                hint: "nothing is overwritten: name a file that is not there yet")
        case .notAVault:
            Failure(
                .badInput, "the file is not a Coffer vault, not even a damaged one",
                hint: "the first path is the damaged file, the second that of a new one")
        case .damaged:
            Failure(
                .damaged, "no key slot can be read, so nothing can be opened",
                hint: "nothing was changed; look for a backup"
            )
        default: Failure(error)
        }
    }
}
