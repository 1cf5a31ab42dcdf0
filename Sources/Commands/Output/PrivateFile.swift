internal import Glibc
internal import Sodium

/// A file that only its owner can read, written whole or not at all.
enum PrivateFile {
    /// Whether there is anything at `path`, be it a broken link.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Writes `bytes` to a new file of mode 0600, syncs it, and gives it that name.
    ///
    /// Until it is whole it has no name, so that a signal or a power cut leaves none of it behind; where the file system
    /// cannot do that, it has another name beside `path`. Throws ``Failure``; then `path` is as it was.
    static func write(_ bytes: borrowing SecureBytes, to path: String) throws(Failure) {
        var status = stat()
        if lstat(path, &status) == 0, ![S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) {
            throw Failure(
                .badInput, "the output file is a directory, a pipe or a device",
                hint: "-o names a file; without it, standard output is written")
        }
        let draft = directory(of: path) + "/.coffer-" + String(UInt64.random(in: .min ... .max), radix: 36)
        var descriptor = open(directory(of: path), O_WRONLY | temporaryFile | O_CLOEXEC, 0o600)
        let isNameless = descriptor >= 0
        if !isNameless { descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else { throw failure() }
        let isWritten =
            bytes.withUnsafeBytes { Output.write($0, to: descriptor) } && fsync(descriptor) == 0
            && (!isNameless || name(descriptor, draft))
        guard isWritten, rename(draft, path) == 0 else {
            let failure = failure()
            unlink(draft)
            close(descriptor)
            throw failure
        }
        close(descriptor)
        // The new name, too, is to last a power cut.
        let folder = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// `O_TMPFILE` of open(2), which Swift cannot import.
    private static let temporaryFile = 0o20000000 | O_DIRECTORY

    /// Gives a file without a name one. Returns whether that went well.
    private static func name(_ descriptor: Int32, _ path: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
    }

    private static func directory(of path: String) -> String {
        guard let end = path.lastIndex(of: "/") else { return "." }
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    private static func failure() -> Failure {
        errno == ENOSPC
            ? Failure(.inputOutput, "the disk is full", hint: "nothing was changed; make room and try again")
            : Failure(.inputOutput, "the output file cannot be written", hint: "check its folder: 'ls -ld'")
    }
}
