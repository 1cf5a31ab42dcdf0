internal import ArgumentParser
internal import Vault

/// What only a program that carries the server can do.
///
/// Hummingbird and jwt-kit weigh more at start-up than all else together (`scripts/bench start`), so `coffer` is linked
/// without them and becomes `coffer-server` where it must.
package protocol ServerProgram: Sendable {
    /// Serves the API until it is ended. Throws ``Failure``.
    func serve(_ command: Serve) async throws
    /// Creates a token and prints it. Throws ``Failure``.
    func createToken(_ command: TokenCreate) async throws
}

/// The program that carries the server: this one, or the one beside it.
package enum ServerCommands {
    /// Set by the program that has the server in it.
    @TaskLocal package static var current: any ServerProgram = NeighbouringServer()
}
