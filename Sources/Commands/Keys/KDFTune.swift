internal import ArgumentParser
internal import Glibc
internal import Sodium
internal import Vault

/// `coffer kdf tune`.
struct KDFTune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Measure this machine, and propose a cost of opening a vault.",
        discussion: """
            Opening takes as long as the proposal says, and so does each guess at the passphrase. Tries more and more \
            memory, up to a quarter of this machine's, and at each as many passes as there is time for, by the \
            processor's time. Takes some seconds, needs no passphrase and changes nothing.

            EXAMPLE:
              coffer kdf tune
              coffer kdf tune --for 500ms
            """)

    @Option(name: .customLong("for"), help: ArgumentHelp("How long opening may take: 500ms, 2s.", valueName: "time"))
    var target = OpeningTime(milliseconds: 1000)

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let limit = MachineMemory().share
        let tuning: Tuning
        do {
            tuning = try Tuning(target: target.milliseconds, memory: limit, measure: Self.measure)
        } catch {
            throw Failure(.outOfMemory)
        }
        if json { return try Output.json(Shape(tuning, target: target.milliseconds, limit: limit)) }
        var table = Table(heading: ["MEMORY", "PASSES", "TIME", "PROPOSED"])
        table.rows = tuning.trials.map { trial in
            [
                "\(trial.cost.memory >> 20) MiB", "\(trial.cost.operations)", "\(trial.milliseconds) ms",
                trial == tuning.proposal ? "yes" : "-",
            ]
        }
        try table.print()
        if tuning.proposal.milliseconds > target.milliseconds + target.milliseconds / 10 {
            Terminal.say("note: this machine does not make it in \(target.milliseconds) ms: no less is accepted")
        }
        if tuning.proposal.cost.isWeaker(than: .moderate) {
            Terminal.say("note: a guess at the passphrase costs less so than by default: --for gives it more time")
        }
        Terminal.say("next: \(Self.command(for: tuning.proposal.cost))")
    }

    /// How long a derivation at `cost` takes, in milliseconds, of a passphrase and a salt that do not matter.
    ///
    /// The processor's time: what other programs take meanwhile does not count, and there is but one lane to wait for.
    private static func measure(_ cost: PasswordHash.Cost) throws(PasswordHashError) -> UInt64 {
        let passphrase = SecureBytes(copying: "measured".utf8)
        let salt = [UInt8](repeating: 0, count: PasswordHash.saltByteCount)
        let begin = processorTime()
        _ = try PasswordHash.deriveKey(from: passphrase, salt: salt, cost: cost)
        return processorTime() - begin
    }

    /// The processor's time that this program has taken, in milliseconds.
    private static func processorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }

    private static func command(for cost: PasswordHash.Cost) -> String {
        "coffer passphrase change --kdf-memory \(cost.memory >> 20) --kdf-passes \(cost.operations)"
    }

    private struct Shape: Encodable {
        struct Trial: Encodable {
            let memory_bytes: UInt64
            let passes: UInt32
            let ms: UInt64

            init(_ trial: Tuning.Trial) {
                memory_bytes = trial.cost.memory
                passes = trial.cost.operations
                ms = trial.milliseconds
            }
        }

        let target_ms: UInt64
        let memory_limit_bytes: UInt64
        let measured: [Trial]
        let proposed: Trial
        let command: String

        init(_ tuning: Tuning, target: UInt64, limit: UInt64) {
            target_ms = target
            memory_limit_bytes = limit
            measured = tuning.trials.map(Trial.init)
            proposed = Trial(tuning.proposal)
            command = KDFTune.command(for: tuning.proposal.cost)
        }
    }
}
