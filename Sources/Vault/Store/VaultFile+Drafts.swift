internal import Glibc
internal import Synchronization

/// Files that are not finished yet: each is held by the process that fills it, so that what a killed one left can be told
/// from what another is about to publish, and removed.
extension VaultFile {
    /// What stands between the name that a draft is for and the id that makes its own.
    static let draftMark = ".new-"
    private static let sidecars = ["-wal", "-shm", "-journal"]

    /// Creates this file, empty and with mode 0600, and holds it until the process ends. Throws ``VaultError/storage(_:)``.
    func createHeld() throws(VaultError) {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .opening(errno) }
            Self.hold(descriptor)
            // Somebody who cleans up may have come between the two.
            guard let identity = FileIdentity(at: path), identity == FileIdentity(of: descriptor) else {
                close(descriptor)
                continue
            }
            // Never closed, as with all of them: that would release SQLite's locks.
            Self.descriptors.withLock { $0.add(identity, descriptor) }
            return
        }
    }

    /// Removes the drafts in this file's folder that no process holds any more.
    func removeLeftDrafts() {
        guard let folder = opendir(directory) else { return }
        defer { closedir(folder) }
        var drafts: Set<String> = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let draft = Self.draft(from: name) { drafts.insert(directory + "/" + draft) }
        }
        for draft in drafts where Self.isLeft(draft) { Self.remove(draft) }
    }

    /// Removes a database and what SQLite keeps beside it.
    static func remove(_ path: String) {
        for suffix in [""] + sidecars { unlink(path + suffix) }
    }

    /// The name of the draft that a file is, or belongs to; nil for any other file.
    private static func draft(from name: String) -> String? {
        let draft = sidecars.first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name
        let id = draft.suffix(36)
        guard draft.dropLast(36).hasSuffix(draftMark), Identifier(id)?.description == String(id) else { return nil }
        return draft
    }

    /// Whether nobody holds the draft, this process neither.
    private static func isLeft(_ draft: String) -> Bool {
        var status = stat()
        // Of a draft that is gone, what lay beside it may be left.
        guard lstat(draft, &status) == 0 else { return errno == ENOENT }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), let identity = FileIdentity(at: draft),
            descriptors.withLock({ $0[identity] }) == nil
        else { return false }
        let descriptor = open(draft, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return hold(descriptor)
    }

    /// Locks a byte that SQLite leaves alone (`F_OFD_SETLK` of fcntl(2), which Swift does not import): the lock belongs to
    /// the descriptor, and goes with the last process that has it. Returns whether nobody else has it.
    @discardableResult
    private static func hold(_ descriptor: Int32) -> Bool {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t.max - 1
        lock.l_len = 1
        let setLock: Int32 = 37
        return fcntl(descriptor, setLock, &lock) == 0
    }

    /// The size of the file and its write-ahead log in bytes.
    var byteCount: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            var status = stat()
            return stat(path + suffix, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    /// Makes this draft what `other` is, byte by byte, its write-ahead log included: without SQLite, which would write
    /// beside the other, and refuse one that is damaged.
    ///
    /// Throws ``VaultError/noVault``, ``VaultError/storage(_:)``.
    func copyContent(of other: VaultFile) throws(VaultError) {
        var status = stat()
        guard stat(other.path, &status) == 0 else { throw .opening(errno) }
        try Self.copy(Self.descriptor(of: status, other.path), to: path, O_WRONLY | O_TRUNC)
        guard other.hasLog else { return }
        // SQLite has no locks on it that closing could release.
        let log = open(other.path + "-wal", O_RDONLY | O_CLOEXEC)
        guard log >= 0 else { throw .opening(errno) }
        defer { close(log) }
        try Self.copy(log, to: path + "-wal", O_WRONLY | O_CREAT | O_EXCL)
    }

    private static func copy(_ input: Int32, to target: String, _ flags: Int32) throws(VaultError) {
        let output = open(target, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard output >= 0 else { throw .opening(errno) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var position: off_t = 0
        while true {
            let count = pread(input, &buffer, buffer.count, position)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .opening(errno) }
            guard count > 0 else { break }
            // What could not be written this time is read again.
            let written = pwrite(output, buffer, count, position)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .opening(errno) }
            position += off_t(written)
        }
        guard fsync(output) == 0 else { throw .opening(errno) }
    }
}
