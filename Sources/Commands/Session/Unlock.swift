internal import ArgumentParser
internal import SecretsAPI
internal import Sodium
internal import Vault

/// `coffer unlock`.
struct Unlock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Open a session: commands need no passphrase until it ends.",
        discussion: """
            Asks for the passphrase once, and has the kernel keep the vault's root key in your keyring. The session ends \
            after --for, or after --idle without a command that used it, or with 'coffer lock'. To begin it anew, \
            unlock again. While it lasts, every program that runs as you can read the vault.

            With --server, the running servers of the vault are unlocked instead, by the session if there is one.

            EXAMPLE:
              coffer unlock
              coffer unlock --for 30m --idle 10m
              coffer unlock --server
            """)

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("End the session after this time. (default: 8h)", valueName: "time"))
    var total: TimeSpan?

    @Option(
        help: ArgumentHelp("End the session when it was not used for this time. (default: 1h)", valueName: "time"))
    var idle: TimeSpan?

    @Flag(help: "Unlock the running servers of this vault, which were locked.")
    var server = false

    @OptionGroup var options: VaultOptions

    func validate() throws {
        guard !server || (total == nil && idle == nil) else {
            throw ValidationError("--for and --idle are a session's; 'coffer serve --idle' is a server's")
        }
        if limits == nil { throw ValidationError("--for and --idle are at most 365d") }
    }

    private var limits: SessionLimits? {
        let day = SessionLimits.workingDay
        return SessionLimits(total: total?.seconds ?? Int64(day.total), idle: idle?.seconds ?? Int64(day.idle))
    }

    func run() async throws {
        let vault = try await options.open()
        if server { return try await unlockServers(of: vault) }
        let limits = limits!
        // Asked before the passphrase, so that nobody types one for nothing.
        do { _ = try vault.session() } catch { throw Failure(error) }
        let passphrase = try options.passphrase()
        let slot: KeySlot
        do throws(SessionError) {
            slot = try await vault.openSession(passphrase: passphrase, limits: limits)
        } catch {
            switch error {
            case .vault(let error): throw Failure(error)
            case .keyring(let error): throw Failure(error)
            }
        }
        try? await vault.logFailedUnlocks(by: LocalUser.actor, now: Clock.now())
        VaultWarnings.warnOfUnlockedMemory()
        await VaultWarnings.warnOfMark(of: vault)
        try? await vault.close()
        let (total, idle) = (TimeSpan(seconds: Int64(limits.total)), TimeSpan(seconds: Int64(limits.idle)))
        Terminal.say("unlocked for \(total), or until it was not used for \(idle)")
        // Here, because this is done once a session.
        VaultWarnings.warnOfWeakness(of: [slot])
    }

    /// Hands the root key to the servers that have `vault` open, over their control sockets.
    private func unlockServers(of vault: Vault) async throws {
        let servers = RunningServers(of: vault.id)
        guard servers.isAny else { throw try noServer() }
        let outcome: RunningServers.Outcome
        var slots: [KeySlot] = []
        if try await options.resume(vault) != nil, let key = vault.sessionKey() {
            outcome = servers.unlock(with: key)
        } else {
            let passphrase = try options.passphrase()
            do throws(VaultError) {
                let opened = try await vault.openSlot(with: passphrase)
                outcome = servers.unlock(with: opened.rootKey)
                slots = [opened.slot]
            } catch { throw Failure(error) }
        }
        try? await vault.logFailedUnlocks(by: LocalUser.actor, now: Clock.now())
        try? await vault.close()
        guard outcome.silent.isEmpty else {
            throw Failure(
                .inputOutput, "a server did not answer, and may be unlocked or not",
                hint: "see its log; its process is \(outcome.silent.joined(separator: " "))")
        }
        guard !outcome.answers.isEmpty else { throw try noServer() }
        guard !outcome.answers.contains(.refused) else {
            throw Failure(
                .damaged, "a server was not unlocked: its vault is damaged, or has other keys",
                hint: "'coffer verify' tells which")
        }
        Terminal.say(outcome.done == 0 ? "note: it was unlocked already" : "unlocked \(outcome.words)")
        // A server that starts without keys does not; whoever has a session was told when it began.
        VaultWarnings.warnOfWeakness(of: slots)
    }

    /// Why there is no server to unlock. Throws ``Failure``.
    private func noServer() throws(Failure) -> Failure {
        VaultWarnings.warnOfServersElsewhere()
        let isSystemds = try UserUnits.areInstalled(for: ServiceOptions.absolute(options.path()))
        return Failure(
            .notFound, "no server of this vault is running",
            hint: isSystemds
                ? "systemd starts it with the first request to its port, to /healthz for one; unlock it then"
                : "'coffer serve' starts one, unlocked")
    }
}
