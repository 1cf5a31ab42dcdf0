internal import Glibc
internal import Synchronization

/// The vault as a file among files: where it may be created, and whether what lies there is one.
struct VaultFile: Sendable {
    /// `COFF`, at offset 68 of a SQLite header (docs/format.md, "The file").
    static let applicationID: Int32 = 0x434F_4646
    private static let magic = Array("SQLite format 3\0".utf8)
    private static let headerByteCount = 100

    /// An absolute path, so that SQLite cannot take it for a URI.
    let path: String

    init(path: String) {
        // SQLite puts its log beside the file that a link leads to.
        if let resolved = realpath(path, nil) {
            self.path = String(cString: resolved)
            free(resolved)
        } else if path.hasPrefix("/") {
            self.path = path
        } else {
            let here = realpath(".", nil)
            defer { free(here) }
            self.path = here.map { String(cString: $0) + "/" + path } ?? path
        }
    }

    /// Checks, without SQLite and without changing anything, that a Coffer vault lies here.
    ///
    /// SQLite would take an empty file for an empty database and another program's for its own; Coffer does neither.
    /// Throws ``VaultError/noVault``, ``VaultError/notAVault(_:)``, ``VaultError/newerSchema(_:)``,
    /// ``VaultError/damaged(_:)`` for a file that was cut short, and ``VaultError/storage(_:)``.
    func check() throws(VaultError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .opening(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAVault(.notAFile) }
        let descriptor = try Self.descriptor(of: status, path)
        var header = [UInt8](repeating: 0, count: Self.headerByteCount)
        let count = pread(descriptor, &header, header.count, 0)
        guard count >= 0 else { throw .opening(errno) }
        guard header.prefix(count).starts(with: Self.magic.prefix(count)) else { throw .notAVault(.notSQLite) }
        guard count == header.count else { throw .damaged(.file) }
        guard Self.integer(header, at: 68) == Self.applicationID else { throw .notAVault(.foreign) }
        let version = Self.integer(header, at: 60)
        guard version <= Schema.version else { throw .newerSchema(Int(version)) }
    }

    /// Whether there is a write-ahead log, whose pages stand before those of the file.
    var hasLog: Bool {
        var status = stat()
        return stat(path + "-wal", &status) == 0 && status.st_size > 0
    }

    /// Gives what SQLite keeps beside the vault the modes of the vault: it makes its files so, and leaves them as they are when
    /// the vault, read-only for a while, may be written again.
    func matchModes() {
        var status = stat()
        let modes = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
        guard modes & 0o600 == 0o600 else { return }
        for suffix in ["-wal", "-shm"] {
            var beside = stat()
            guard lstat(path + suffix, &beside) == 0, beside.st_mode & S_IFMT == S_IFREG, beside.st_uid == geteuid(),
                beside.st_mode & 0o777 != modes
            else { continue }
            chmod(path + suffix, modes)
        }
    }

    private static func integer(_ header: [UInt8], at offset: Int) -> Int32 {
        header[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int32($1) }
    }

    /// A descriptor to read the file with, the same for the life of the process.
    ///
    /// Never closed: POSIX has that release the locks of every other descriptor of the file in this process, SQLite's
    /// among them, and another process would take the file for its own.
    static func descriptor(of status: stat, _ path: String) throws(VaultError) -> Int32 {
        let file = FileIdentity(status)
        let opened = descriptors.withLock { known in
            if let descriptor = known[file] { return descriptor }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 { known.add(file, descriptor) }
            return descriptor
        }
        guard opened >= 0 else { throw .opening(errno) }
        return opened
    }

    /// The descriptors that stay open.
    static let descriptors = Mutex(OpenFiles())

    /// Makes an empty file beside the vault's place, with mode 0600 in a directory of mode 0700, to be filled and then
    /// published under its name by ``publish(_:)``. What killed processes left of theirs goes.
    ///
    /// Throws ``VaultError/vaultExists``, unless the draft is not for publishing but for `replacing` what is there, and
    /// ``VaultError/storage(_:)``.
    func makeDraft(suffix: String, replacing: Bool = false) throws(VaultError) -> VaultFile {
        var status = stat()
        guard replacing || lstat(path, &status) != 0 else { throw .vaultExists }
        guard !path.hasSuffix("/") else { throw .notAVault(.notAFile) }
        try PrivateFolder.make(directory)
        removeLeftDrafts()
        let draft = VaultFile(path: path + Self.draftMark + suffix)
        try draft.createHeld()
        return draft
    }

    /// Gives the finished `draft` this name, unless something has it by now, and makes the name last a power cut.
    ///
    /// Throws ``VaultError/vaultExists`` and ``VaultError/storage(_:)``.
    func publish(_ draft: VaultFile) throws(VaultError) {
        // SQLite closes a database without an error even where there was no room to move the log into the file.
        guard !draft.hasLog else { throw .storage(.full) }
        // link(2) never replaces what is there, where rename(2) would.
        guard link(draft.path, path) == 0 else { throw errno == EEXIST ? .vaultExists : .opening(errno) }
        unlink(draft.path)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            let error = VaultError.opening(errno)
            if descriptor >= 0 { close(descriptor) }
            // Who is told that there is none should find none.
            unlink(path)
            throw error
        }
        close(descriptor)
    }

    /// Removes a draft that will not be published, and what SQLite left beside it.
    func remove() {
        Self.remove(path)
    }

    var directory: String {
        let end = path.lastIndex(of: "/")!
        return end == path.startIndex ? "/" : String(path[..<end])
    }
}

extension VaultError {
    /// The error for an `errno` met while opening or creating the file.
    static func opening(_ code: Int32) -> VaultError {
        switch code {
        case ENOENT: .noVault
        case ENOTDIR, EISDIR, ENXIO, ENAMETOOLONG, ELOOP: .notAVault(.notAFile)
        case EACCES, EPERM: .storage(.permission)
        case EROFS: .storage(.readOnly)
        case ENOSPC, EDQUOT: .storage(.full)
        default: .storage(.inputOutput(Int(code)))
        }
    }
}
