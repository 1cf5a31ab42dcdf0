internal import ArgumentParser
internal import Sodium
internal import Vault

/// `coffer passphrase change`.
struct PassphraseChange: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Set a new passphrase in place of the one that there is.",
        discussion: """
            Asks for the current passphrase, or the recovery code, and for a new one, twice. The former passphrase \
            opens the vault no more; a copy of the file from before it opens as ever, and 'coffer rekey' is for when \
            somebody else may have both. The keys stay, and so do tokens, the recovery code, a session and servers that \
            are open.

            EXAMPLE:
              coffer passphrase change
              coffer passphrase change --generate --kdf-memory 512
            """)

    @OptionGroup var options: VaultOptions

    @Option(help: ArgumentHelp("Read the new passphrase from this file.", valueName: "path"))
    var newPassphraseFile: String?

    @Option(
        name: .customLong("new-passphrase-fd"),
        help: ArgumentHelp("Read the new passphrase from this open descriptor.", valueName: "n"))
    var newPassphraseDescriptor: Int32?

    @OptionGroup var new: NewPassphraseOptions

    @OptionGroup var cost: CostOptions

    func validate() throws {
        guard [newPassphraseFile != nil, newPassphraseDescriptor != nil, new.generate].count(where: { $0 }) <= 1 else {
            throw ValidationError("--new-passphrase-file, --new-passphrase-fd and --generate exclude each other")
        }
        try PassphraseOptions.checkOpen(newPassphraseDescriptor, of: "--new-passphrase-fd")
        if newPassphraseDescriptor != nil, newPassphraseDescriptor == options.passphraseDescriptor {
            throw ValidationError("--passphrase-fd and --new-passphrase-fd are the same descriptor")
        }
    }

    func run() async throws {
        // Before anybody types a passphrase for nothing.
        _ = try cost.cost(else: .moderate)
        let path = try options.path()
        try await options.withOpenedSlot { vault, opened, current in
            // A recovery code's own cost is no measure for a passphrase.
            let slots = opened.slot.kind == .passphrase ? [opened.slot] : try await vault.slots()
            let former = slots.first { $0.kind == .passphrase }?.cost ?? .moderate
            let source = PassphraseSource(file: newPassphraseFile, descriptor: newPassphraseDescriptor, isNext: true)
            let passphrase = try new.passphrase(from: source, vaultPath: path)
            let isSame = passphrase.isEqual(to: current)
            guard !isSame || cost.isGiven else {
                throw Failure(
                    .badInput, "the new passphrase is the one that there is",
                    hint: "take another one; to change only what opening costs, give --kdf-memory or --kdf-passes")
            }
            do {
                try await vault.changePassphrase(
                    to: passphrase, cost: cost.cost(else: former), with: opened, by: LocalUser.actor, now: Clock.now())
            } catch {
                if new.generate { Terminal.say("the passphrase that was shown was not set") }
                throw error
            }
            Terminal.say(isSame ? "the passphrase stays; changed what opening costs" : "changed the passphrase")
            if !isSame { VaultWarnings.noteOpen(vault) }
            // What cannot be read now makes nothing undone.
            VaultWarnings.warnOfWeakness(of: (try? await vault.slots()) ?? [])
        }
    }
}
