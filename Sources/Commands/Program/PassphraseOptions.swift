internal import ArgumentParser
internal import Glibc

/// Where a passphrase comes from, if not from the environment or the terminal.
struct PassphraseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read the passphrase from this file.", valueName: "path"))
    var passphraseFile: String?

    @Option(
        name: .customLong("passphrase-fd"),
        help: ArgumentHelp("Read the passphrase from this open descriptor.", valueName: "n"))
    var passphraseDescriptor: Int32?

    func validate() throws {
        if passphraseFile != nil, passphraseDescriptor != nil {
            throw ValidationError("--passphrase-file and --passphrase-fd exclude each other")
        }
        try Self.checkOpen(passphraseDescriptor, of: "--passphrase-fd")
    }

    /// Checks the descriptor now, before the program has opened anything that might be given the number that was meant.
    static func checkOpen(_ descriptor: Int32?, of option: String) throws {
        guard let descriptor, fcntl(descriptor, F_GETFD) < 0 else { return }
        throw ValidationError("\(option) is not an open descriptor")
    }

    /// Where the command line says that the passphrase is.
    var passphraseSource: PassphraseSource {
        PassphraseSource(file: passphraseFile, descriptor: passphraseDescriptor)
    }
}
