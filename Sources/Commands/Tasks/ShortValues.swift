internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// Selected secrets whose values are too short to be searched for in a task's output.
///
/// Replacing every `42` would garble the output and give the value away where it does.
struct ShortValues {
    /// What is known of each.
    let secrets: [SecretMetadata]

    /// Those of `secrets`, whose `values` stand in the same order.
    init(_ secrets: [SelectedSecret], _ values: SecureList) {
        self.secrets = values.reading { values in
            secrets.enumerated().compactMap { index, secret in
                values.withUnsafeBytes(at: index, Automaton.isLongEnough) ? nil : secret.metadata
            }
        }
    }

    /// Those of `secrets`, whose values have `characterCounts`, in the same order.
    init(_ secrets: [SelectedSecret], characterCounts: [Int]) {
        self.secrets = zip(secrets, characterCounts).compactMap { secret, count in
            count < Automaton.minimumLength ? secret.metadata : nil
        }
    }

    /// Says so of those of which it was not said before.
    ///
    /// An empty file by the secret's id remembers it; where none can be made, it is said each time.
    func noteFirstUse() {
        for secret in secrets where Marks.make("short-value-\(secret.id)") {
            Terminal.say(
                "note: \(secret.name) has fewer than \(Automaton.minimumLength) characters and is not redacted")
        }
    }
}

/// What the program has done once, as empty files under `$XDG_STATE_HOME/coffer/marks`.
enum Marks {
    /// Makes a mark. Returns whether it is new.
    static func make(_ name: String) -> Bool {
        guard let folder else { return true }
        // What fails shows when the mark is made.
        try? PrivateFolder.make(folder)
        let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno != EEXIST }
        close(descriptor)
        return true
    }

    private static var folder: String? { StateFolder.path.map { "\($0)/marks" } }
}
