/// Who did something, as the log has it.
public struct Actor: Sendable, Hashable {
    /// What kind of caller it was.
    public enum Kind: UInt8, Sendable {
        /// A person, or a program of theirs, at the command line.
        case user = 1
        /// A client of the API, with a token.
        case token = 2
    }

    /// What kind of caller it was.
    public let kind: Kind
    /// The user's name, or the token's; at most 255 bytes.
    public let name: String
    /// The terminal that the user sat at; empty for none, and for a token.
    public let terminal: String

    /// A user at a terminal, or at none.
    public static func user(_ name: String, terminal: String = "") -> Actor {
        Actor(kind: .user, name: name, terminal: terminal)
    }

    /// A client that presented the token of this name.
    public static func token(_ name: String) -> Actor {
        Actor(kind: .token, name: name, terminal: "")
    }

    /// An actor as it was stored.
    init(kind: Kind, name: String, terminal: String) {
        self.kind = kind
        self.name = name
        self.terminal = terminal
    }
}
