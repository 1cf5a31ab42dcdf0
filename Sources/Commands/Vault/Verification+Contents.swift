internal import Vault

extension Verification {
    /// What was found, counted, in words: `3 secrets, 1 former value, 0 projects, 1 token, 9 events`.
    var contents: String {
        [
            counts.secrets.of("secret"), counts.versions.of("former value"), (counts.scopes - 1).of("project"),
            counts.tokens.of("token"), counts.events.of("event"),
        ].joined(separator: ", ")
    }
}

extension Int {
    /// So many things called `noun`, which takes an `s` for more than one.
    func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
