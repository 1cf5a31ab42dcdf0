internal import Glibc
internal import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// What `coffer run` does: a command, with secrets in its environment.
struct TaskStart {
    /// The command, of which there is at least the program: the last arguments of this one.
    let command: [String]
    /// The secrets that it is to get.
    var requested = RequestedSecrets()
    /// Whether its output is searched for their values.
    let redacts: Bool

    /// Starts the command, with secrets of the vault that `access` names, and ends as it does.
    ///
    /// Throws ``Failure``.
    func run(with access: some VaultAccess) async throws {
        let task = try await access.withSecrets { secrets -> (names: [String], values: SecureList) in
            let selected = try await requested.resolve(in: secrets)
            selected.notePassedOver()
            let values = try await secrets.reveal(
                selected.secrets.map(\.metadata.id), for: .run(program: ProgramPath.resolve(command[0])))
            if redacts { ShortValues(selected.secrets, values).noteFirstUse() }
            return (selected.secrets.map(\.metadata.name), values)
        }
        // From here on the vault is closed and its keys are gone.
        try start(names: task.names, values: task.values)
    }

    private func start(names: [String], values: SecureList) throws(Failure) -> Never {
        var environment = EnvironmentBlock()
        // Only where it is needed: its tables are in protected memory, which takes its time.
        var builder = redacts ? Automaton.Builder() : nil
        values.reading { values in
            for (index, name) in names.enumerated() {
                values.withUnsafeBytes(at: index) { value in
                    environment.set(name, to: value)
                    _ = builder?.add(name: name, value: value)
                }
            }
        }
        // As the kernel gave them: an argument need not be UTF-8, which a String would change.
        let arguments = UnsafePointer(CommandLine.unsafeArgv + (Int(CommandLine.argc) - command.count))
        do throws(ChildError) {
            guard let builder = builder.take() else {
                throw ChildProcess.replace(with: arguments, environment: environment)
            }
            Glibc.exit(try ChildProcess.run(arguments, environment: environment, automaton: builder.build()))
        } catch {
            throw Failure(error)
        }
    }
}
