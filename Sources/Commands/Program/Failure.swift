internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import TaskRuntime
internal import Vault

/// What is said when a command cannot be carried out: what is wrong, what to do next, and the exit status.
///
/// Never holds a value or a passphrase, nor anything typed that could be one.
package struct Failure: Error {
    let status: ExitStatus
    let message: String
    let hint: String

    package init(_ status: ExitStatus, _ message: String, hint: String) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// Says so on standard error and ends the program; `ofTask`, with a status that no task's own is likely to be.
    func exit(ofTask: Bool = false) -> Never {
        Terminal.say("error: " + message)
        Terminal.say("hint: " + hint)
        Glibc.exit(ofTask ? max(status.rawValue, ExitStatus.runFailed.rawValue) : status.rawValue)
    }
}

extension Failure {
    /// For a command line that is refused, by the parser or by a command's own rules.
    init(parsing error: any Error) {
        let message = Coffer.message(for: error).split(separator: "\n").first.map(String.init) ?? ""
        self.init(.usage, Self.withoutInput(message), hint: "see 'coffer --help', or 'coffer COMMAND --help'")
    }

    /// The parser's message without what was typed, which it repeats, and which may be a value.
    ///
    /// Our own rules begin in lower case or with the option's name, and repeat nothing. Of the parser's messages only those pass that name no more
    /// than what is missing; of the others, only which kind they are, and the option at their very end.
    private static func withoutInput(_ message: String) -> String {
        if message.first?.isLowercase == true || message.hasPrefix("--") || message.hasPrefix("Missing ") {
            return message.prefix(1).lowercased() + message.dropFirst()
        }
        if message.hasPrefix("Unknown option") || message.hasPrefix("Invalid option") { return "unknown option" }
        if message.contains("nexpected argument") { return "unknown command, or an argument too many" }
        if message.hasPrefix("The option '"), message.contains("does not take any value") {
            return "an option was given a value that takes none"
        }
        // "The value '…' is invalid for '--port <port>'", with more behind it where there are few to choose from.
        let invalid = " is invalid for '--"
        guard message.hasPrefix("The value '"), let range = message.lastRange(of: invalid) else {
            return "wrong arguments"
        }
        return "--\(message[range.upperBound...].prefix { $0.isLowercase || $0 == "-" }) does not take that value"
    }

    /// For what the operations refuse.
    init(_ error: SecretsError) {
        switch error {
        case .invalid(let faults):
            let list = faults.map { "\($0.location) \($0.message)" }.joined(separator: "; ")
            self.init(.badInput, list, hint: "nothing was changed; correct it and try again")
        case .readOnly, .notCovered:
            self.init(.badInput, "not permitted", hint: "see 'coffer token list'")
        case .vault(let error):
            self.init(error)
        }
    }

    /// For a secret that cannot be selected.
    init(_ error: SelectionError) {
        switch error {
        case .unknown(let reference):
            self.init(
                .notFound, "no secret is called \(Self.quotable(reference))",
                hint: "'coffer list' shows the names; --project adds a project's secrets")
        case .secrets(let error):
            self.init(error)
        }
    }

    /// `reference` where it is a name or an id; else words for it, because it might be a value typed in its place.
    static func quotable(_ reference: String) -> String {
        SecretName.fault(in: reference) == nil || Identifier(reference) != nil ? reference : "that"
    }
}

extension String {
    /// Where `other` occurs last.
    fileprivate func lastRange(of other: String) -> Range<Index>? {
        indices.last { self[$0...].hasPrefix(other) }.map { $0..<index($0, offsetBy: other.count) }
    }
}
