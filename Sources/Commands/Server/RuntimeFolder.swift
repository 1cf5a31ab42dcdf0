internal import Glibc

/// Where running servers have their control sockets: `$XDG_RUNTIME_DIR/coffer`, which goes with the login, else a folder
/// beside what the program notes for itself.
package enum RuntimeFolder {
    /// The folder, which need not exist yet; nil where the environment names neither.
    package static var path: String? {
        if let runtime = Environment.baseDirectory("XDG_RUNTIME_DIR") { return "\(runtime)/coffer" }
        return StateFolder.path.map { "\($0)/run" }
    }

    /// The folders in which servers may be that were started in another environment than this one: a hook, or a job of
    /// cron's, has none of the variables of a login.
    static var all: Set<String> {
        Set([path, "/run/user/\(getuid())/coffer", StateFolder.path.map { "\($0)/run" }].compactMap { $0 })
    }
}
