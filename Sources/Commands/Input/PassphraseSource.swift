internal import Glibc
internal import Sodium

/// Where the passphrase comes from: an option, the environment, or the terminal. Never an argument, never a variable.
package struct PassphraseSource {
    /// The longest passphrase, in bytes (docs/format.md, "Key slots").
    static let maximumByteCount = 4096

    var file: String?
    var descriptor: Int32?
    /// A passphrase to come: the environment does not speak of it where there is one already.
    var isNext = false

    /// Whether the command line says where the passphrase is.
    var isGiven: Bool { file != nil || descriptor != nil }

    /// Reads the passphrase, without the one line break it may end with.
    ///
    /// Throws ``Failure``: nobody to ask, unreadable, empty, too long.
    func read(prompt: String = "Passphrase: ") throws(Failure) -> SecureBytes {
        if let given = try readWithoutAsking() { return try Self.checked(given) }
        guard let typed = try Terminal.askHidden(prompt) else {
            if isNext {
                throw Failure(
                    .locked, "there is no terminal to ask for the new passphrase",
                    hint: "use --new-passphrase-file, --new-passphrase-fd or --generate")
            }
            throw Failure(
                .locked, "the vault is locked, and there is no terminal to ask for the passphrase",
                hint: "run 'coffer unlock' in a terminal, or use --passphrase-file, --passphrase-fd, "
                    + "COFFER_PASSPHRASE_FILE or COFFER_PASSPHRASE_COMMAND")
        }
        return try Self.checked(typed)
    }

    /// Reads a new passphrase, twice where a person types it. Throws ``Failure``.
    func readNew() throws(Failure) -> SecureBytes {
        if let given = try readWithoutAsking() { return try Self.checked(given) }
        let first = try read(prompt: "New passphrase: ")
        let second = try read(prompt: "The same again: ")
        guard first.isEqual(to: second) else {
            throw Failure(.badInput, "the two passphrases differ", hint: "nothing was changed; try again")
        }
        return first
    }

    private func readWithoutAsking() throws(Failure) -> SecureBytes? {
        if let file { return try Self.read(file: file) }
        if let descriptor { return try Self.read(descriptor: descriptor) }
        if isNext { return nil }
        if let file = Environment["COFFER_PASSPHRASE_FILE"] { return try Self.read(file: file) }
        if let command = Environment["COFFER_PASSPHRASE_COMMAND"] { return try Self.read(command: command) }
        return nil
    }

    private static func read(file: String) throws(Failure) -> SecureBytes {
        let what = "the passphrase file"
        var status = stat()
        if stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 {
            Terminal.say("warning: others can read the passphrase file; 'chmod 600' keeps them out")
        }
        return withoutLineBreak(try SecretInput.readFile(file, limit: maximumByteCount + 2, what: what))
    }

    private static func read(descriptor: Int32) throws(Failure) -> SecureBytes {
        let what = "the passphrase descriptor"
        defer { spend(descriptor) }
        return withoutLineBreak(try SecretInput.readAll(from: descriptor, limit: maximumByteCount + 2, what: what))
    }

    /// Takes the descriptor away, so that no task inherits it: a file can be read again from its beginning.
    private static func spend(_ descriptor: Int32) {
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        // The standard ones must stay open, or the next file that is opened takes their place.
        if descriptor <= STDERR_FILENO, nothing >= 0 { dup2(nothing, descriptor) } else { close(descriptor) }
        if nothing >= 0 { close(nothing) }
    }

    /// The first line that `command` prints, run by the shell as a person would.
    private static func read(command: String) throws(Failure) -> SecureBytes {
        let what = "the output of COFFER_PASSPHRASE_COMMAND"
        // Where whoever started us ignores it, the kernel would keep no status of the command.
        let ignored = signal(SIGCHLD, SIG_DFL)
        defer { signal(SIGCHLD, ignored) }
        guard let pipe = start(command) else {
            throw Failure(.inputOutput, "COFFER_PASSPHRASE_COMMAND cannot be started", hint: "try it in a shell")
        }
        let output: SecureBytes?
        do { output = try SecretInput.readAll(from: fileno(pipe), limit: 1 << 16, what: what) } catch {
            pclose(pipe)
            throw error
        }
        guard pclose(pipe) == 0, let output else {
            throw Failure(.inputOutput, "COFFER_PASSPHRASE_COMMAND failed", hint: "try it in a shell")
        }
        return output.withUnsafeBytes { bytes in
            let line = bytes.firstIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? bytes[...]
            return withoutLineBreak(SecureBytes(copying: line))
        }
    }

    /// Starts `command` with the signals that a shell's command has: a thread of the runtime blocks some, and the program
    /// ignores SIGPIPE, and a child inherits both.
    private static func start(_ command: String) -> UnsafeMutablePointer<FILE>? {
        var none = sigset_t()
        var mask = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &mask)
        let ignored = signal(SIGPIPE, SIG_DFL)
        defer {
            signal(SIGPIPE, ignored)
            pthread_sigmask(SIG_SETMASK, &mask, nil)
        }
        return popen(command, "re")
    }

    /// `bytes` without one line break at the end, be it LF or CRLF; too many bytes stay too many.
    private static func withoutLineBreak(_ bytes: consuming SecureBytes?) -> SecureBytes {
        guard let bytes else {
            return SecureBytes(count: maximumByteCount + 1) { $0.initializeMemory(as: UInt8.self, repeating: 1) }
        }
        return bytes.withUnsafeBytes { all in
            var end = all.count
            if end > 0, all[end - 1] == UInt8(ascii: "\n") {
                end -= 1
                if end > 0, all[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            }
            return SecureBytes(copying: all[..<end])
        }
    }

    private static func checked(_ passphrase: consuming SecureBytes) throws(Failure) -> SecureBytes {
        guard passphrase.count > 0 else {
            throw Failure(.badInput, "the passphrase is empty", hint: "give one of several words")
        }
        guard passphrase.count <= maximumByteCount else {
            throw Failure(
                .badInput, "the passphrase is longer than \(maximumByteCount) bytes", hint: "give a shorter one")
        }
        return passphrase
    }
}
