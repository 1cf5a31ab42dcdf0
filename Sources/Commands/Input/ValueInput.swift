internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import Sodium

/// Where a secret's value comes from: a file, standard input, or the terminal without echo. Never an argument.
struct ValueInput: ParsableArguments {
    @Option(help: ArgumentHelp("Take the value from this file, byte for byte.", valueName: "path"))
    var fromFile: String?

    /// Whatever else stands on the command line, caught so that a value typed there is not repeated in an error.
    @Argument(help: .hidden)
    var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("a value is never an argument, where other programs could read it")
        }
    }

    /// Checks that standard input is not to give the passphrase as well. Throws ``Failure``.
    func check(passphraseDescriptor: Int32?) throws(Failure) {
        guard fromFile == nil, passphraseDescriptor == STDIN_FILENO, !Terminal.isTerminal(STDIN_FILENO) else { return }
        throw Failure(
            .usage, "standard input cannot give both the passphrase and the value",
            hint: "use --passphrase-file, or --from-file for the value")
    }

    /// The value, checked. Throws ``Failure``.
    func read() throws(Failure) -> SecretValue {
        let bytes = try readBytes()
        do throws(FieldFault) {
            return try SecretValue(bytes)
        } catch {
            throw Failure(.invalid([error]))
        }
    }

    private func readBytes() throws(Failure) -> SecureBytes {
        let limit = SecretValue.maximumByteCount
        let bytes: SecureBytes?
        if let fromFile {
            bytes = try SecretInput.readFile(fromFile, limit: limit, what: "the value's file")
        } else if Terminal.isTerminal(STDIN_FILENO) {
            bytes = try Terminal.askHidden("Value: ")
        } else {
            bytes = try SecretInput.readAll(from: STDIN_FILENO, limit: limit, what: "standard input")
            noteFinalLineBreak(bytes)
        }
        guard let bytes else {
            throw Failure(
                .invalid([FieldFault("value", "must be at most \(SecretValue.maximumLength) characters long")]))
        }
        return bytes
    }

    /// The value is kept byte for byte; a person who used `echo` should know what that means.
    private func noteFinalLineBreak(_ bytes: borrowing SecureBytes?) {
        guard bytes?.withUnsafeBytes({ $0.count > 1 && $0.last == UInt8(ascii: "\n") }) == true else { return }
        Terminal.say("note: the value ends with a line break, which is kept; 'printf %s' gives none")
    }
}
