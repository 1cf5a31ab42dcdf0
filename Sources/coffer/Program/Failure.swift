internal import ArgumentParser
internal import Glibc
internal import SecretsAPI
internal import TaskRuntime
internal import Vault

/// What is said when a command cannot be carried out: what is wrong, what to do next, and the exit status.
///
/// Never holds a value or a passphrase, nor anything typed that could be one.
struct Failure: Error {
    let status: ExitStatus
    let message: String
    let hint: String

    init(_ status: ExitStatus, _ message: String, hint: String) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// Says so on standard error and ends the program.
    func exit() -> Never {
        Terminal.say("error: " + message)
        Terminal.say("hint: " + hint)
        Glibc.exit(status.rawValue)
    }
}

extension Failure {
    /// For a command line that the parser refuses.
    init(parsing error: any Error) {
        let message = Coffer.message(for: error).split(separator: "\n").first.map(String.init) ?? "wrong arguments"
        self.init(
            .usage, Self.withoutInput(message.prefix(1).lowercased() + message.dropFirst()),
            hint: "see 'coffer --help', or 'coffer COMMAND --help'")
    }

    /// The parser's message without what was typed: it quotes that, and somebody may have typed a value.
    ///
    /// Names of options stay, up to an equals sign.
    private static func withoutInput(_ message: String) -> String {
        message.split(separator: "'", omittingEmptySubsequences: false).enumerated().map { index, part in
            guard index % 2 == 1 else { return String(part) }
            guard part.hasPrefix("-") else { return "…" }
            return "'" + part.prefix { $0 != "=" && $0 != " " } + "'"
        }.joined()
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
