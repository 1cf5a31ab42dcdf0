internal import Glibc

/// The server in a program of its own, `coffer-server`, which takes this one's place with the same command line.
///
/// It stands beside `coffer`, as in the build folder, or in `../libexec/coffer` as installed. Nothing was read by then,
/// neither a passphrase nor the vault, so the other finds all as this one did.
struct NeighbouringServer: ServerProgram {
    func serve(_ command: Serve) async throws { try become() }

    func createToken(_ command: TokenCreate) async throws { try become() }

    private func become() throws(Failure) -> Never {
        for path in Self.candidates { execv(path, CommandLine.unsafeArgv) }
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
        return ["\(folder)/coffer-server", "\(folder)/../libexec/coffer/coffer-server"]
    }
}
