/// Where the program keeps what it notes for itself on this machine: `$XDG_STATE_HOME/coffer`.
enum StateFolder {
    /// The folder, which need not exist yet; nil where the environment names no home.
    static var path: String? {
        if let state = Environment.baseDirectory("XDG_STATE_HOME") { return "\(state)/coffer" }
        return Environment["HOME"].map { "\($0)/.local/state/coffer" }
    }
}
