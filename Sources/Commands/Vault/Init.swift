internal import ArgumentParser
internal import Sodium
internal import Vault

/// `coffer init`.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the vault.",
        discussion: """
            Asks for a new passphrase, twice. There is no way to open the vault without it, unless 'coffer recovery \
            create' has made one. A passphrase that is trivially guessed is refused. An existing file is never \
            overwritten.

            EXAMPLE:
              coffer init
              coffer init --generate
              coffer init --vault ~/work.coffer --passphrase-file ~/.work-passphrase
            """)

    @OptionGroup var options: VaultOptions

    @OptionGroup var new: NewPassphraseOptions

    @OptionGroup var cost: CostOptions

    func validate() throws {
        if new.generate, options.passphraseFile != nil || options.passphraseDescriptor != nil {
            throw ValidationError("--generate makes the passphrase, so none is read")
        }
    }

    func run() async throws {
        let path = try options.path()
        let cost = try cost.cost(else: .moderate)
        try refuseExisting(path)
        let source = options.passphraseSource
        let passphrase = try new.passphrase(from: source, vaultPath: path)
        do {
            try await Vault.create(
                at: path, passphrase: passphrase, cost: cost, by: LocalUser.actor, now: Clock.now())
        } catch {
            if new.generate { Terminal.say("the passphrase that was shown was not set") }
            // Not as for other commands: it is the folder that is not there, and cannot be made.
            guard error == .noVault else { throw Failure(error) }
            throw Failure(
                .inputOutput, "the vault's folder cannot be made", hint: "--vault names a place for it elsewhere")
        }
        VaultWarnings.warnOfUnlockedMemory()
        Terminal.say("created \(path)")
    }

    /// Asked before the passphrase, so that nobody types one for nothing; creating checks again.
    private func refuseExisting(_ path: String) throws(Failure) {
        if PrivateFile.exists(path) { throw Failure(.vaultExists) }
    }
}
