internal import Glibc

/// A command line that is told without the parser, which takes a third of the time of these commands: scripts and tools
/// ask for one secret, or run one command, over and over.
///
/// Only what the parser takes for the same, and nothing that it would have to explain (`PlainCommandTests`).
enum PlainCommand: Equatable {
    /// `coffer reveal NAME`.
    case reveal(name: String)
    /// `coffer run [--no-redact] -- COMMAND …`.
    case run(command: [String], redacts: Bool)

    /// The command in `arguments`, of which the program's name is the first; nil for one that is the parser's.
    init?(_ arguments: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) {
        func has(_ word: String, at index: Int) -> Bool {
            index < arguments.count && strcmp(arguments[index]!, word) == 0
        }
        if has("reveal", at: 1), arguments.count == 3, let name = arguments[2], name.pointee != Self.dash {
            self = .reveal(name: String(cString: name))
        } else if has("run", at: 1) {
            let redacts = !has("--no-redact", at: 2)
            let terminator = redacts ? 2 : 3
            guard has("--", at: terminator), terminator + 1 < arguments.count else { return nil }
            let command = (terminator + 1..<arguments.count).map { String(cString: arguments[$0]!) }
            self = .run(command: command, redacts: redacts)
        } else {
            return nil
        }
    }

    private static let dash = CChar(UInt8(ascii: "-"))

    /// Carries out the command. Throws ``Failure``.
    @Sendable func perform() async throws {
        switch self {
        case .reveal(let name): try await Reveal.printDefault(name)
        case .run(let command, let redacts):
            try await TaskStart(command: command, redacts: redacts).run(with: DefaultVault())
        }
    }
}
