internal import Glibc
package import SecretsAPI
internal import Sodium
internal import TaskRuntime
internal import Vault

/// What a command line says of the vault that a command is about, and the ways to it.
package protocol VaultAccess {
    /// The path of the vault's file, if it is given.
    var givenPath: String? { get }
    /// Where the passphrase comes from.
    var passphraseSource: PassphraseSource { get }
}

/// A command line that says nothing of the vault.
struct DefaultVault: VaultAccess {
    var givenPath: String? { nil }
    var passphraseSource: PassphraseSource { PassphraseSource() }
}

extension VaultAccess {
    /// Whether the command line says where the passphrase is: that goes before a session.
    package var namesPassphrase: Bool { passphraseSource.isGiven }

    /// The vault's path (design: `--vault`, `COFFER_VAULT`, then the XDG base directory for data).
    func path() throws(Failure) -> String {
        if let givenPath { return givenPath }
        if let path = Environment["COFFER_VAULT"] { return path }
        if let data = Environment.baseDirectory("XDG_DATA_HOME") { return data + "/coffer/vault.coffer" }
        if let home = Environment["HOME"] { return home + "/.local/share/coffer/vault.coffer" }
        throw Failure(.badInput, "HOME is not set, so there is no place for a vault", hint: "--vault names the file")
    }

    /// The vault's passphrase.
    func passphrase() throws(Failure) -> SecureBytes {
        try passphraseSource.read()
    }

    /// Opens the vault, locked.
    func open() async throws(Failure) -> Vault {
        let path = try path()
        do { return try await Vault.open(at: path, notes: StateFolder.path) } catch { throw Failure(error) }
    }

    /// Opens and unlocks the vault, with its session where the command line names no passphrase, and writes nothing to
    /// it. Returns also what this machine's mark has against it, where that is to be passed over.
    func unlock(
        acceptingRollback: Bool = false
    ) async throws(Failure) -> (secrets: Secrets, passedOver: VaultError?) {
        let vault = try await open()
        let passedOver: VaultError?
        if let resumed = try await resume(vault, acceptingRollback: acceptingRollback) {
            passedOver = resumed.passedOver
        } else {
            let passphrase = try passphrase()
            do {
                passedOver = try await vault.unlock(passphrase: passphrase, acceptingRollback: acceptingRollback)
            } catch { throw Failure(error) }
        }
        VaultWarnings.warnOfUnlockedMemory()
        await VaultWarnings.warnOfMark(of: vault)
        return (Self.secrets(of: vault), passedOver)
    }

    /// Unlocks the vault with its session; nil where there is none that opens it, or the command line names a passphrase.
    func resume(_ vault: Vault, acceptingRollback: Bool = false) async throws(Failure) -> Resumption? {
        guard !namesPassphrase else { return nil }
        do { return try await vault.resume(acceptingRollback: acceptingRollback) } catch { throw Failure(error) }
    }

    /// Opens and unlocks the vault, compares all rows with its state if `checkingSums`, and only then writes to its log how
    /// often it was not unlocked before.
    func secrets(checkingSums: Bool = false) async throws(Failure) -> Secrets {
        let secrets = try await unlock().secrets
        if checkingSums {
            do { try await secrets.vault.checkSums() } catch { throw Failure(error) }
        }
        try? await secrets.vault.logFailedUnlocks(by: secrets.owner, now: Clock.now())
        return secrets
    }

    /// Opens the vault, asks for what opens it, whatever session there is, and runs `body` with the unlocked vault, the slot
    /// that was opened, and what opened it: for changing keys, as passwd(1) asks again.
    func withOpenedSlot(
        _ body: (Vault, OpenedSlot, borrowing SecureBytes) async throws -> Void
    ) async throws {
        let vault = try await open()
        let passphrase = try passphrase()
        let opened: OpenedSlot
        do { opened = try await vault.openSlot(with: passphrase) } catch { throw Failure(error) }
        try await withKeys(of: vault) { try await body(vault, opened, passphrase) }
    }

    /// Runs `body`, which unlocks `vault` if nobody has, and closes it.
    func withKeys(of vault: Vault, _ body: () async throws -> Void) async throws {
        let secrets = Self.secrets(of: vault)
        try await Self.closing(secrets) { _ in
            try await body()
            try? await vault.logFailedUnlocks(by: secrets.owner, now: Clock.now())
        }
    }

    /// Runs `body` on the unlocked vault and closes it; `checkingSums`, only on one whose rows all are as they should be.
    package func withSecrets<R>(
        checkingSums: Bool = false, _ body: (Secrets) async throws -> R
    ) async throws -> R {
        try await Self.closing(secrets(checkingSums: checkingSums), body)
    }

    /// Runs `body` on the vault, which is not unlocked, and closes it.
    package func withLockedSecrets<R>(_ body: (Secrets) async throws -> R) async throws -> R {
        try await Self.closing(Self.secrets(of: open()), body)
    }

    private static func secrets(of vault: Vault) -> Secrets {
        Secrets(vault: vault, owner: LocalUser.actor, now: Clock.now)
    }

    /// Runs `body` on `secrets` and closes their vault, unlocked or not.
    static func closing<R>(_ secrets: Secrets, _ body: (Secrets) async throws -> R) async throws -> R {
        do {
            let result = try await body(secrets)
            // Values may have taken more than the keys.
            VaultWarnings.warnOfUnlockedMemory()
            // Whatever was written is on disk; closing only tidies up, and brings the mark up to it.
            try? await secrets.vault.close()
            await VaultWarnings.warnOfMark(of: secrets.vault)
            // Kept until the process ends: taking GRDB's part of it to pieces takes longer than closing the file.
            _ = Unmanaged.passRetained(secrets.vault)
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
