internal import Glibc
internal import Vault

/// The person at the command line, as the log has them.
enum LocalUser {
    /// The user's name by their number, and the terminal that they sit at.
    static var actor: Actor { .user(name, terminal: terminal) }

    private static var name: String { field(0) ?? "uid \(getuid())" }

    /// The folder that is this user's home, whatever the environment says; nil where that is not known.
    static var home: String? { field(5) }

    /// What `/etc/passwd` has for this user's number, passwd(5): a static program cannot load the modules that know of other
    /// directories, and what the environment says is anybody's word.
    private static func field(_ index: Int) -> String? {
        guard let file = fopen("/etc/passwd", "re") else { return nil }
        defer { fclose(file) }
        let number = String(getuid())
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let fields = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            if fields.count == 7, fields[2].elementsEqual(number.utf8) {
                return String(decoding: fields[index], as: UTF8.self)
            }
        }
        return nil
    }

    /// The terminal of the first standard stream that is one, without `/dev/`; empty where none is.
    private static var terminal: String {
        for descriptor in [STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO] where isatty(descriptor) == 1 {
            var path = [CChar](repeating: 0, count: 256)
            guard ttyname_r(descriptor, &path, path.count) == 0 else { continue }
            let text = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return text.hasPrefix("/dev/") ? String(text.dropFirst(5)) : text
        }
        return ""
    }
}
