internal import Glibc
internal import Sodium

/// What was last seen of a vault on this machine, in a file of its own beside others like it: the epoch, and which state
/// had it (docs/format.md, "The mark").
///
/// A vault that is older than its mark was put back; one that has the same epoch and another state is a copy that went its
/// own way. Authenticated by a key that stands in the vault's state, so that only a holder of the vault's keys can write
/// one.
struct EpochMark: Sendable {
    /// The file's size in bytes: magic (8), epoch (8), fingerprint of the state (32), tag (32).
    private static let byteCount = 80
    private static let magic = Array("coffer\u{1}m".utf8)
    /// What lies there and is no file is neither followed nor waited for.
    private static let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK

    /// The folder that holds the marks of all vaults, made when the first is written.
    let folder: String
    /// The vault.
    let vault: Identifier

    private var path: String { "\(folder)/\(vault).mark" }

    /// What a mark says.
    struct Content: Equatable {
        /// The epoch that was seen last.
        let epoch: UInt64
        /// The link of the last event, which tells states of the same epoch apart.
        let head: [UInt8]

        init(_ state: VaultState) {
            epoch = state.epoch
            head = state.log.head
        }

        fileprivate init(epoch: UInt64, head: [UInt8]) {
            self.epoch = epoch
            self.head = head
        }
    }

    /// The mark as it lies there; nil where there is none yet, or an empty one. Throws ``VaultError/damaged(_:)``.
    func read() throws(VaultError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | Self.flags)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .damaged(.mark) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount + 1)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        // What a power cut may leave of a file that was not synced; to remove it would do an attacker as well.
        if count == 0 { return nil }
        guard count == Self.byteCount else { throw .damaged(.mark) }
        return Array(bytes[..<count])
    }

    /// What a mark says. Throws ``VaultError/damaged(_:)`` for one that was changed, or is another vault's.
    func content(of bytes: [UInt8], using key: borrowing SecretKey) throws(VaultError) -> Content {
        let content = bytes[..<48]
        guard content.starts(with: Self.magic), tag(content, using: key) == Array(bytes[48..<80]) else {
            throw .damaged(.mark)
        }
        return Content(epoch: bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }, head: Array(bytes[16..<48]))
    }

    /// Makes the mark say `content`. Returns whether it could be written.
    ///
    /// Written in place, in one call and within one sector of a disk, and not synced: what a power cut leaves is this mark or
    /// the one before, which is older than its vault, and no harm. A new file for each, as where more is at stake, would
    /// take longer than all else that a command does with its mark, and more room than a full disk has.
    @discardableResult
    func write(_ content: Content, using key: borrowing SecretKey) -> Bool {
        var bytes = Self.magic
        bytes.append(bigEndian: content.epoch)
        bytes += content.head
        bytes += tag(bytes[...], using: key)
        guard let descriptor = openToWrite() else { return false }
        defer { close(descriptor) }
        return pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    }

    /// The mark that is there, or a new one.
    private func openToWrite() -> Int32? {
        let descriptor = open(path, O_WRONLY | Self.flags)
        // What is there may be a mark nonetheless.
        if descriptor < 0 { return [EMFILE, ENFILE, ENOMEM].contains(errno) ? nil : new() }
        if Self.isMark(descriptor) { return descriptor }
        close(descriptor)
        return new()
    }

    /// Whether it is a file of this user's that has no other name, and no more bytes than a mark.
    private static func isMark(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
            && status.st_uid == geteuid() && status.st_size <= byteCount
    }

    /// A new mark, in place of whatever is there and is none.
    private func new() -> Int32? {
        guard unlink(path) == 0 || errno == ENOENT, (try? PrivateFolder.make(folder)) != nil else { return nil }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | Self.flags, 0o600)
        return descriptor < 0 ? nil : descriptor
    }

    private func tag(_ content: ArraySlice<UInt8>, using key: borrowing SecretKey) -> [UInt8] {
        KeyedHash.tag(of: Array(content) + vault.bytes, using: key)
    }
}
