internal import CPlatform
internal import Glibc

/// The server in a program of its own, `coffer-server`, which takes this one's place with the same command line.
///
/// It stands beside `coffer`, as in the build folder, or in `../libexec/coffer` as installed, and is owned as `coffer` is,
/// or by root. Nothing was read by then, neither a passphrase nor the vault, so the other finds all as this one did.
struct NeighbouringServer: ServerProgram {
    func serve(_ command: Serve) async throws { try become() }

    func createToken(_ command: TokenCreate) async throws { try become() }

    private func become() throws(Failure) -> Never {
        for path in Self.candidates {
            var arguments = Array(UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc) + 1))
            arguments[0] = strdup(path)
            // Gives back what was changed at the start, and unblocks what a thread of the runtime has blocked.
            coffer_execute(arguments, coffer_environment())
        }
        throw Failure(
            .inputOutput, "coffer-server, the part that serves, is not installed beside coffer",
            hint: "scripts/install puts both in place")
    }

    private static var candidates: [String] {
        // The kernel's own word for where this program is; argv[0] is the caller's.
        guard let program = Machine.resolved("/proc/self/exe") else { return [] }
        let folder = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        let owner = Machine.status(of: "/proc/self/exe")?.st_uid
        return ["\(folder)/coffer-server", "\(folder)/../libexec/coffer/coffer-server"].filter { path in
            guard let found = Machine.status(of: path) else { return false }
            return found.st_uid == owner || found.st_uid == 0
        }
    }
}
