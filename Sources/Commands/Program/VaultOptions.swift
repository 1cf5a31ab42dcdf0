internal import ArgumentParser
internal import Glibc
package import SecretsAPI
internal import Sodium
internal import Synchronization
internal import TaskRuntime
internal import Vault

/// Which vault, and where its passphrase comes from.
package struct VaultOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The vault's file.", valueName: "path"))
    var vault: String?

    @OptionGroup var source: PassphraseOptions

    package init() {}

    package func validate() throws {
        if let vault, vault.isEmpty { throw ValidationError("--vault is empty") }
    }

    var passphraseFile: String? { source.passphraseFile }
    var passphraseDescriptor: Int32? { source.passphraseDescriptor }

    /// The vault's path (design: `--vault`, `COFFER_VAULT`, then the XDG base directory for data).
    func path() throws(Failure) -> String {
        if let vault { return vault }
        if let path = Environment["COFFER_VAULT"] { return path }
        // The XDG specification has a relative path ignored.
        if let data = Environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/coffer/vault.coffer" }
        if let home = Environment["HOME"] { return home + "/.local/share/coffer/vault.coffer" }
        throw Failure(.badInput, "HOME is not set, so there is no place for a vault", hint: "--vault names the file")
    }

    /// The vault's passphrase.
    func passphrase() throws(Failure) -> SecureBytes {
        try source.passphrase()
    }

    /// Opens the vault, locked.
    func open() async throws(Failure) -> Vault {
        let path = try path()
        do { return try await Vault.open(at: path, notes: StateFolder.path) } catch { throw Failure(error) }
    }

    /// Opens and unlocks the vault.
    func secrets() async throws(Failure) -> Secrets {
        let vault = try await open()
        let passphrase = try passphrase()
        let owner = LocalUser.actor
        do { try await vault.unlock(passphrase: passphrase) } catch { throw Failure(error) }
        try? await vault.logFailedUnlocks(by: owner, now: Clock.now())
        Self.warnOfUnlockedMemory()
        return Secrets(vault: vault, owner: owner, now: Clock.now)
    }

    private static let hasWarned = Atomic(false)

    /// Says so, once, where secrets may reach swap.
    static func warnOfUnlockedMemory() {
        guard Library.memoryLockFailed, !hasWarned.exchange(true, ordering: .relaxed) else { return }
        Terminal.say("warning: memory cannot be locked, so secrets may reach swap; raise 'ulimit -l'")
    }

    /// Runs `body` on the unlocked vault and closes it.
    package func withSecrets<R>(_ body: (Secrets) async throws -> R) async throws -> R {
        let secrets = try await secrets()
        do {
            let result = try await body(secrets)
            // Values may have taken more than the keys.
            Self.warnOfUnlockedMemory()
            // Whatever was written is on disk; closing only tidies up.
            try? await secrets.vault.close()
            return result
        } catch {
            try? await secrets.vault.close()
            switch error {
            case let error as SecretsError: throw Failure(error)
            case let error as VaultError: throw Failure(error)
            case let error as SelectionError: throw Failure(error)
            default: throw error
            }
        }
    }
}

/// The program's clock.
package enum Clock {
    /// Seconds since 1970-01-01T00:00:00Z.
    @Sendable package static func now() -> Int64 {
        Int64(time(nil))
    }
}

/// The program's environment.
enum Environment {
    /// The variable's value; nil when it is not set, or empty.
    static subscript(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
