internal import Glibc

/// Folders that only this user can open.
public enum PrivateFolder {
    /// Makes the folder at `path` (0700), and those above it that there are not; one that is there stays as it is.
    ///
    /// Throws ``VaultError/storage(_:)``.
    public static func make(_ path: String) throws(VaultError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let end = path.lastIndex(of: "/"), end != path.startIndex else { throw .opening(errno) }
        try make(String(path[..<end]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .opening(errno) }
    }
}
