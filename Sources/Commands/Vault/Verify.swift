internal import ArgumentParser
internal import SecretsAPI
internal import Vault

/// `coffer verify`.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the whole vault: every row, every seal, the log.",
        discussion: """
            Prints how much there is of what, or, a line each, the rows that are missing, added, replayed (as they \
            once were) or altered, and ends with 76. A damaged vault is left as it is.

            EXAMPLE:
              coffer verify
              coffer verify --accept-rollback
            """)

    @Flag(help: "Take a vault that is older than it was when last seen here. The log has it.")
    var acceptRollback = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: VaultOptions

    func run() async throws {
        let (secrets, passedOver) = try await options.unlock(acceptingRollback: acceptRollback)
        try await VaultOptions.closing(secrets) { secrets in
            let vault = secrets.vault
            let report = VerificationReport(
                try await RowProgress.show("verifying") { try await vault.verify(progress: $0.show) })
            if report.isClean {
                // Only now: a damaged vault stays as it is.
                if passedOver != nil { try await vault.acceptRollback(by: secrets.owner, now: secrets.now()) }
                try? await vault.logFailedUnlocks(by: secrets.owner, now: secrets.now())
            }
            try report.print(json: json)
            if acceptRollback { Self.tell(passedOver) }
        }
    }

    private static func tell(_ passedOver: VaultError?) {
        switch passedOver {
        case nil: Terminal.say("note: there was no rollback to accept")
        case .rolledBack(let rollback):
            Terminal.say(
                "accepted the vault of epoch \(rollback.found), after \(rollback.seen) was seen; the log has it")
        default: Terminal.say("accepted the vault, which this machine remembers anew; the log has it")
        }
    }
}
