/// Where running servers have their control sockets: `$XDG_RUNTIME_DIR/coffer`, which goes with the login, else a folder
/// beside what the program notes for itself.
package enum RuntimeFolder {
    /// The folder, which need not exist yet; nil where the environment names neither.
    package static var path: String? {
        // The XDG specification has a relative path ignored.
        if let runtime = Environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") { return "\(runtime)/coffer" }
        return StateFolder.path.map { "\($0)/run" }
    }
}
