internal import Glibc

/// Whether there is room for the vault to be written.
struct DiskCheck {
    /// The folder that the vault is in or will be in.
    let folder: String

    /// SQLite's log grows to 16 MiB before it is moved into the file.
    private static let least: UInt64 = 16 << 20
    private static let little: UInt64 = 128 << 20

    func finding() -> Finding {
        var disk = statvfs()
        guard statvfs(folder, &disk) == 0 else {
            return .fails("free disk", "it cannot be told", remedy: "df -h \(folder.asShellWord)")
        }
        // Some file systems have no fixed number of files, and say 0 of 0.
        return finding(
            free: UInt64(disk.f_bavail) * UInt64(disk.f_frsize), hasFiles: disk.f_files == 0 || disk.f_favail > 0)
    }

    /// The finding for so many free bytes.
    func finding(free: UInt64, hasFiles: Bool) -> Finding {
        let check = "free disk"
        let remedy = "make room: du -xh \(folder.asShellWord) | sort -h | tail"
        guard hasFiles else { return .fails(check, "no more files can be made", remedy: remedy) }
        let words = MemoryChecks.size(free)
        return switch free {
        case ..<Self.least: .fails(check, "\(words): the next write may fail", remedy: remedy)
        case ..<Self.little: .warning(check, words, remedy: remedy)
        default: .ok(check, words)
        }
    }
}
