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
        if all { return try lockAll() }
        let vault = try await options.open()
        // The servers first: their keys do not end by themselves.
        let servers = RunningServers(of: vault.id)
        let answers = server ? servers.lock() : []
        let wasOpen: Bool
        do { wasOpen = try vault.endSession() } catch { throw Failure(error) }
        try? await vault.close()
        let lockedServers = answers.count { $0 == .done }
        if wasOpen || lockedServers > 0 {
            Terminal.say("locked" + Self.words(lockedServers))
        } else {
            Terminal.say("note: it was locked already")
        }
        if !server, servers.isAny {
            Terminal.say("note: a running server keeps its own keys; 'coffer lock --server' locks it too")
        }
    }

    private func lockAll() throws {
        let answers = server ? RunningServers(of: nil).lock() : []
        let count: Int
        do { count = try Vault.endAllSessions() } catch { throw Failure(error) }
        Terminal.say(
            (count == 1 ? "locked 1 vault" : "locked \(count) vaults") + Self.words(answers.count { $0 == .done }))
    }

    private static func words(_ servers: Int) -> String {
        switch servers {
        case 0: ""
        case 1: ", and 1 server"
        default: ", and \(servers) servers"
        }
    }
}
