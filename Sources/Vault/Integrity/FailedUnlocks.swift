internal import Glibc

/// How often the vault was not unlocked on this machine since it last was: counted in a file outside the vault, which
/// cannot be written to without its keys, until the next success writes the number to the log.
///
/// Whoever may write to that folder can change the number: it tells of mistakes and of the clumsy.
struct FailedUnlocks: Sendable {
    /// The folder that holds this machine's notes of all vaults.
    let folder: String
    /// The vault.
    let vault: Identifier

    private var path: String { "\(folder)/\(vault).failures" }

    /// Counts one more: a byte a failure, so that processes that fail at once each count.
    func add() {
        guard (try? PrivateFolder.make(folder)) != nil else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        _ = write(descriptor, ".", 1)
        close(descriptor)
    }

    /// How many there were.
    var count: UInt64 {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return UInt64(max(status.st_size, 0))
    }

    /// Forgets them.
    func clear() {
        unlink(path)
    }
}
