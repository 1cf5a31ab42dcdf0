internal import ArgumentParser
internal import Vault

/// `coffer lock`.
struct Lock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "End the session: commands need the passphrase again.",
        discussion: """
            Takes effect at once, for all programs. A command that has read the key already carries on to its end.

            EXAMPLE:
              coffer lock
              coffer lock --all
            """)

    @Flag(help: "End the sessions of all your vaults.")
    var all = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        if all { return try lockAll() }
        let vault = try await options.open()
        let wasOpen: Bool
        do { wasOpen = try vault.endSession() } catch { throw Failure(error) }
        try? await vault.close()
        Terminal.say(wasOpen ? "locked" : "note: it was locked already")
    }

    private func lockAll() throws {
        let count: Int
        do { count = try Vault.endAllSessions() } catch { throw Failure(error) }
        Terminal.say(count == 1 ? "locked 1 vault" : "locked \(count) vaults")
    }
}
