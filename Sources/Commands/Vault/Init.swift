internal import ArgumentParser
internal import Sodium
internal import Vault

/// `coffer init`.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the vault.",
        discussion: """
            Asks for a new passphrase, twice. There is no way to open the vault without it. An existing file is \
            never overwritten.

            EXAMPLE:
              coffer init
              coffer init --vault ~/work.coffer --passphrase-file ~/.work-passphrase
            """)

    @OptionGroup var options: VaultOptions

    @Option(help: ArgumentHelp("Memory that opening the vault takes, in MiB, 19 to 2048.", valueName: "mib"))
    var kdfMemory: Int64 = 256

    @Option(help: ArgumentHelp("Passes over that memory, 2 to 16.", valueName: "n"))
    var kdfPasses: Int64 = 3

    func run() async throws {
        let path = try options.path()
        guard let cost = try? PasswordHash.Cost(operations: kdfPasses, memory: kdfMemory.multipliedClamped(by: 1 << 20))
        else {
            throw Failure(
                .badInput, "the cost of opening is out of bounds",
                hint: "--kdf-memory is 19 to 2048, --kdf-passes 2 to 16")
        }
        try refuseExisting(path)
        let source = PassphraseSource(file: options.passphraseFile, descriptor: options.passphraseDescriptor)
        let passphrase = try source.readNew()
        do {
            try await Vault.create(
                at: path, passphrase: passphrase, cost: cost, by: LocalUser.actor, now: Clock.now())
        } catch { throw Failure(error) }
        VaultOptions.warnOfUnlockedMemory()
        Terminal.say("created \(path)")
    }

    /// Asked before the passphrase, so that nobody types one for nothing; creating checks again.
    private func refuseExisting(_ path: String) throws(Failure) {
        if PrivateFile.exists(path) { throw Failure(.vaultExists) }
    }
}

extension Int64 {
    /// The product, or the greatest integer where that is greater still.
    fileprivate func multipliedClamped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
