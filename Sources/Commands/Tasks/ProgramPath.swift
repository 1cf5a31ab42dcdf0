internal import Glibc

/// Where a command's program lies, as the shell would find it: for the log, not for starting it.
enum ProgramPath {
    /// The path of the program `command`: as given where it has a slash, else in `PATH`; as given too where it is not found.
    static func resolve(_ command: String) -> String {
        guard !command.utf8.contains(UInt8(ascii: "/")) else { return command }
        for folder in (Environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(command)"
            if access(path, X_OK) == 0 { return path }
        }
        return command
    }
}
