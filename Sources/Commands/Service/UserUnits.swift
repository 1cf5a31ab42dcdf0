internal import CPlatform
internal import Glibc
internal import Sodium
internal import Vault

/// Where systemd looks for the units of a user: `$XDG_CONFIG_HOME/systemd/user`.
struct UserUnits {
    let folder: String

    /// Throws ``Failure`` where the environment names no home.
    init() throws(Failure) {
        if let config = Environment.baseDirectory("XDG_CONFIG_HOME") {
            folder = config + "/systemd/user"
        } else if let home = Environment["HOME"] {
            folder = home + "/.config/systemd/user"
        } else {
            throw Failure(
                .badInput, "HOME is not set, so there is no place for units", hint: "set HOME, or XDG_CONFIG_HOME")
        }
    }

    /// Whether there are units by which systemd starts the server of the vault at `path`.
    static func areInstalled(for path: String) -> Bool {
        guard let units = try? UserUnits(), PrivateFile.exists(units.path(of: ServiceUnits.socketName)) else {
            return false
        }
        return (try? units.text(of: ServiceUnits.serviceName))?.contains(ServiceUnits.words(for: path)) ?? false
    }

    func path(of unit: String) -> String { "\(folder)/\(unit)" }

    /// What lies at a unit's place; nil where nothing does. Throws ``Failure`` where that cannot be read.
    func text(of unit: String) throws(Failure) -> String? {
        let path = path(of: unit)
        guard PrivateFile.exists(path) else { return nil }
        guard let file = fopen(path, "re") else {
            throw Failure(.inputOutput, "\(path) cannot be read", hint: "'ls -l' tells what it is")
        }
        defer { fclose(file) }
        // Longer than any of ours, and so of another text.
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Writes a unit, whole or not at all. Throws ``Failure``.
    func write(_ text: String, to unit: String) throws(Failure) {
        try PrivateFile.write(SecureBytes(copying: text.utf8), to: path(of: unit))
    }

    /// Makes a folder, and those above it that there are not. Throws ``Failure``.
    static func makeFolder(_ path: String) throws(Failure) {
        do { try PrivateFolder.make(path) } catch {
            throw Failure(.inputOutput, "\(path) cannot be made", hint: "check the folders above it: 'ls -ld'")
        }
    }

    /// Runs `systemctl --user` with `arguments`, and returns whether that went well.
    static func control(_ arguments: [String]) -> Bool {
        var words: [UnsafeMutablePointer<CChar>?] = (["systemctl", "--user"] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        var descriptor: Int32 = -1
        guard coffer_spawn(words, coffer_environment(), [-1, -1, -1], &child, &descriptor) == 0 else { return false }
        close(descriptor)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return false } }
        return status == 0
    }
}
