internal import ArgumentParser
internal import Vault

/// `coffer lock`.
struct Lock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "End the session: commands need the passphrase again.",
        discussion: """
            Takes effect at once, for all programs. A command that has read the key already carries on to its end, and \
            a running server keeps its own, unless --server is given: then it answers 423 until it is unlocked.

            EXAMPLE:
              coffer lock
              coffer lock --server
              coffer lock --all --server
            """)

    @Flag(help: "End the sessions of all your vaults.")
    var all = false

    @Flag(help: "Lock the running servers too.")
    var server = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        var vault: Vault?
        if !all { vault = try await open() }
        // The session first: it is open to everything that runs as this user, and ending it takes no time.
        let sessions = Result { () throws(Failure) in try endSessions(of: vault) }
        try? await vault?.close()
        // Whatever has become of the session.
        let servers = RunningServers(of: vault?.id)
        let outcome = server ? servers.lock() : RunningServers.Outcome()
        switch sessions {
        case .success(let count): report(sessions: count, servers: outcome)
        case .failure(let failure):
            if outcome.done > 0 { Terminal.say("locked \(outcome.words)") }
            throw failure
        }
        guard outcome.silent.isEmpty else {
            throw Failure(
                .inputOutput, "a server did not answer, and may still be unlocked",
                hint: "end it: kill -9 \(outcome.silent.joined(separator: " "))")
        }
        if server { VaultWarnings.warnOfServersElsewhere() } else { VaultWarnings.noteUnlocked(servers) }
    }

    /// The vault, for its id. Throws ``Failure``.
    private func open() async throws(Failure) -> Vault {
        do throws(Failure) { return try await options.open() } catch {
            // Its session is still there, whatever has become of the file: on a disk that was taken out, for one.
            throw Failure(
                error.status, "\(error.message), so the session to end cannot be told",
                hint: "'coffer lock --all' ends the sessions of all your vaults, and with --server locks all servers")
        }
    }

    /// Ends the session of `vault`, or those of all vaults. Returns how many there were. Throws ``Failure``.
    private func endSessions(of vault: Vault?) throws(Failure) -> Int {
        do throws(KeyringError) {
            guard let vault else { return try Vault.endAllSessions() }
            return try vault.endSession() ? 1 : 0
        } catch {
            // Without a keyring there are no sessions, and servers all the same.
            if error == .refused, server { return 0 }
            guard case .failed(let number) = error else { throw Failure(error) }
            throw Failure(
                .inputOutput, "the kernel did not end a session (errno \(number))",
                hint: "'keyctl show @u' lists your keys; those of sessions are called coffer:VAULT-ID")
        }
    }

    private func report(sessions: Int, servers: RunningServers.Outcome) {
        let words = servers.done > 0 ? ", and \(servers.words)" : ""
        if all {
            Terminal.say((sessions == 1 ? "locked 1 vault" : "locked \(sessions) vaults") + words)
        } else if sessions > 0 || servers.done > 0 {
            Terminal.say("locked" + words)
        } else if servers.silent.isEmpty {
            Terminal.say("note: it was locked already")
        }
        if server, servers.answers.isEmpty, servers.silent.isEmpty {
            Terminal.say("note: no running server was found")
        }
    }
}
