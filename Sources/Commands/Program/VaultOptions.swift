internal import ArgumentParser

/// Which vault, and where its passphrase comes from.
package struct VaultOptions: ParsableArguments, VaultAccess {
    @Option(help: ArgumentHelp("The vault's file.", valueName: "path"))
    var vault: String?

    @OptionGroup var source: PassphraseOptions

    package init() {}

    package func validate() throws {
        if let vault, vault.isEmpty { throw ValidationError("--vault is empty") }
    }

    package var givenPath: String? { vault }
    package var passphraseSource: PassphraseSource { source.passphraseSource }
    var passphraseFile: String? { source.passphraseFile }
    var passphraseDescriptor: Int32? { source.passphraseDescriptor }
}
