internal import ArgumentParser
internal import CPlatform
internal import Dispatch
internal import Glibc
internal import Vault

/// The program: hardens the process, runs a command, and turns what it throws into a message and an exit status.
package enum Program {
    /// Carries out the command line, and ends the process when that fails.
    ///
    /// A program that `servesMany` at once does so on many threads; one that does not keeps its task and its vault on
    /// this one.
    package static func main(servesMany: Bool = false) {
        harden()
        do {
            // Before there is another thread: with the first, the runtime opens descriptors of its own, which must not be
            // taken for one that the command line names.
            if let plain = PlainCommand(arguments) { return try run(onThreads: servesMany, plain.perform) }
            var command = try Coffer.parseAsRoot()
            guard let asynchronous = command as? any AsyncParsableCommand else { return try command.run() }
            // Safe: this thread does not touch it meanwhile.
            nonisolated(unsafe) var running = asynchronous
            try run(onThreads: servesMany) { try await running.run() }
        } catch let failure as Failure {
            failure.exit(ofTask: startsTask)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch  where Coffer.exitCode(for: error) == .success {
            if forgotVersion {
                Failure(
                    .usage, "--version is not followed by a number",
                    hint: "'coffer show NAME --versions' shows them; 'coffer --version' is the program's"
                ).exit()
            }
            // Help and version, which the parser prints itself.
            Coffer.exit(withError: error)
        } catch {
            Failure(parsing: error).exit(ofTask: startsTask)
        }
    }

    private static var arguments: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?> {
        UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
    }

    /// Whether the command line is that of `run`, which tells its own failures from the task's by their status.
    private static var startsTask: Bool {
        CommandLine.arguments.dropFirst().first == Run.configuration.commandName
    }

    /// Whether `reveal` was asked for a version of the secret without saying which: the parser would answer, in place of a
    /// value, with the version of the program.
    private static var forgotVersion: Bool {
        let arguments = CommandLine.arguments.dropFirst()
        return arguments.first == Reveal.configuration.commandName && arguments.contains("--version")
            && !arguments.contains("--help") && !arguments.contains("-h")
    }

    /// Runs `body`, on this thread or on the runtime's threads while this one waits.
    ///
    /// An asynchronous entry point would hand the main thread over to the runtime, which ends it by unwinding its stack:
    /// that alone takes longer than most commands.
    private static func run(onThreads: Bool, _ body: @escaping @Sendable () async throws -> Void) throws {
        guard onThreads else { return try LoopExecutor().run(body) }
        let done = DispatchSemaphore(value: 0)
        // Safe: written before the semaphore is signalled and read after.
        nonisolated(unsafe) var result: Result<Void, any Error> = .success(())
        Task {
            do { try await body() } catch { result = .failure(error) }
            done.signal()
        }
        done.wait()
        try result.get()
    }

    /// No core dumps, no crash reports, no attaching from other processes, no file that others can read; a pipe that
    /// closes is an error like others rather than the end. What a task would inherit of this is given back to it.
    private static func harden() {
        _ = coffer_disable_dumps()
        coffer_disable_backtraces()
        coffer_adjust_inheritance()
    }
}
