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
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        // The kernel's own word for where this program is; argv[0] is the caller's.
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        guard count > 0 else { return [] }
        let program = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex)
        let owner = status(of: "/proc/self/exe")?.st_uid
        return ["\(folder)/coffer-server", "\(folder)/../libexec/coffer/coffer-server"].filter { path in
            guard let found = status(of: path) else { return false }
            return found.st_uid == owner || found.st_uid == 0
        }
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
