internal import ArgumentParser
internal import CPlatform
internal import Glibc

/// The program: hardens the process, runs a command, and turns what it throws into a message and an exit status.
package enum Program {
    /// Carries out the command line, and ends the process when that fails.
    ///
    /// On the main thread until the command line is read: with the first other thread, the runtime opens descriptors
    /// of its own, which must not be taken for one that the command line names.
    @MainActor package static func main() async {
        harden()
        do {
            var command = try Coffer.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            failure.exit()
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch  where Coffer.exitCode(for: error) == .success {
            // Help and version, which the parser prints itself.
            Coffer.exit(withError: error)
        } catch {
            Failure(parsing: error).exit()
        }
    }

    /// No core dumps, no attaching from other processes, no file that others can read; a pipe that closes is an error
    /// like others rather than the end.
    private static func harden() {
        _ = coffer_disable_dumps()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
    }
}
