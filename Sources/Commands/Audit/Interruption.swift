internal import CPlatform

/// Whether somebody wants a command to end that goes on until then.
enum Interruption {
    /// Has SIGINT and SIGTERM ask for the end, rather than be it.
    static func watch() {
        coffer_note_interruption()
    }

    /// Whether one of them came.
    static var wasAsked: Bool { coffer_was_interrupted() != 0 }
}
