internal import Glibc

/// Who may read and change what Coffer keeps in files.
struct FileChecks {
    let vault: String
    let stateFolder: String?
    let passphraseFile: String?

    /// What follows the vault's name in those of its files, SQLite's among them.
    private static let suffixes = ["", "-wal", "-shm"]

    func findings() -> [Finding] {
        [file(), folder(), notes()] + (passphraseFile.map { [passphrase($0)] } ?? [])
    }

    /// The vault, and what SQLite keeps beside it.
    private func file() -> Finding {
        let check = "vault file"
        guard let status = Machine.status(of: vault) else {
            let isUsual = (try? DefaultVault().path()) == vault
            return .none(
                check, "there is none at \(vault)",
                remedy: "coffer init" + (isUsual ? "" : " --vault \(vault.asShellWord)"))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .fails(check, "\(vault) is not a file", remedy: "ls -ld \(vault.asShellWord)")
        }
        let open = Self.suffixes.map { vault + $0 }.filter { path in
            Machine.status(of: path).map { $0.st_mode & 0o077 != 0 } ?? false
        }
        guard open.isEmpty else {
            let paths = open.map(\.asShellWord).joined(separator: " ")
            return .fails(check, "others may open it (\(modes(of: open[0])))", remedy: "chmod 600 \(paths)")
        }
        guard status.st_uid == getuid() else {
            return .fails(check, "it belongs to somebody else", remedy: "sudo chown \(getuid()) \(vault.asShellWord)")
        }
        guard status.st_mode & 0o600 == 0o600 else {
            return .fails(
                check, "it cannot be read and written (\(modes(of: vault)))", remedy: "chmod 600 \(vault.asShellWord)")
        }
        return .ok(check, "yours alone (\(modes(of: vault)))")
    }

    private func folder() -> Finding {
        let check = "vault folder"
        let folder = Self.folder(of: vault)
        guard let status = Machine.status(of: folder), let file = Machine.status(of: vault),
            file.st_mode & S_IFMT == S_IFREG
        else { return .none(check, "there is no vault in it yet") }
        let isSticky = status.st_mode & S_ISVTX != 0
        // A folder that is there for others too keeps its modes, as most of root's do; the vault is copied out of it, which,
        // unlike moving it, is safe while something has it open.
        let isOwn = status.st_uid == getuid() && !isSticky && (getuid() != 0 || hasNothingElse(folder))
        let remedy =
            isOwn
            ? "chmod 700 \(folder.asShellWord)"
            : "mkdir -m 700 ~/coffer && coffer backup ~/coffer/vault.coffer --vault \(vault.asShellWord) && "
                + "export COFFER_VAULT=~/coffer/vault.coffer && coffer verify --accept-rollback"
        if status.st_mode & 0o022 != 0 {
            return .fails(
                check, "others may \(isSticky ? "put files beside" : "replace") the vault (\(modes(of: folder)))",
                remedy: remedy)
        }
        // Root may do so anywhere.
        guard status.st_uid == getuid() || status.st_uid == 0 else {
            return .fails(
                check, "it belongs to somebody else, who may replace the vault",
                remedy: "sudo chown \(getuid()) \(folder.asShellWord)")
        }
        if status.st_mode & 0o077 != 0 {
            return .warning(check, "others may see when the vault changes (\(modes(of: folder)))", remedy: remedy)
        }
        return .ok(check, "yours alone (\(modes(of: folder)))")
    }

    /// Whether nothing lies in the vault's folder but the vault.
    private func hasNothingElse(_ folder: String) -> Bool {
        let name = (Machine.resolved(vault) ?? vault).split(separator: "/").last.map(String.init) ?? ""
        return Machine().names(in: folder).allSatisfy(Self.suffixes.map { name + $0 }.contains)
    }

    /// Where this machine remembers how new the vault is.
    private func notes() -> Finding {
        let check = "state folder"
        guard let stateFolder else {
            return .fails(
                check, "HOME is not set, so an older copy of the vault would not be noticed", remedy: "export HOME=~")
        }
        guard let status = Machine.status(of: stateFolder) else {
            let above = Self.existing(above: stateFolder)
            return access(above, W_OK) == 0
                ? .ok(check, "there is none yet, and it can be made")
                : .fails(
                    check, "it cannot be made, so an older copy of the vault would not be noticed",
                    remedy: "chmod u+rwx \(above.asShellWord)")
        }
        let word = stateFolder.asShellWord
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return .fails(check, "a file is in its place", remedy: "rm \(word)")
        }
        guard status.st_mode & 0o022 == 0 else {
            return .fails(
                check, "others may make this machine forget how new the vault is (\(modes(of: stateFolder)))",
                remedy: "chmod 700 \(word)")
        }
        guard access(stateFolder, R_OK | W_OK | X_OK) == 0 else {
            return .fails(
                check, "it cannot be written, so an older copy of the vault would not be noticed",
                remedy: "chmod 700 \(word)")
        }
        return .ok(check, "it can be written (\(modes(of: stateFolder)))")
    }

    private func passphrase(_ path: String) -> Finding {
        let check = "passphrase file"
        guard let status = Machine.status(of: path) else {
            return .fails(check, "there is none at \(path)", remedy: "unset COFFER_PASSPHRASE_FILE")
        }
        return status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 != 0
            ? .fails(check, "others may open it (\(modes(of: path)))", remedy: "chmod 600 \(path.asShellWord)")
            : .ok(check, "yours alone (\(modes(of: path)))")
    }

    private func modes(of path: String) -> String {
        let bits = String((Machine.status(of: path)?.st_mode ?? 0) & 0o7777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - bits.utf8.count)) + bits
    }

    /// The folder that a file lies in, links followed.
    static func folder(of path: String) -> String {
        let path = Machine.resolved(path) ?? path
        guard let end = path.lastIndex(of: "/") else { return "." }
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    /// The nearest folder on the way to `path` that exists.
    static func existing(above path: String) -> String {
        var path = path
        while Machine.status(of: path) == nil, path != "/", path != "." { path = folder(of: path) }
        return path
    }
}
