internal import ArgumentParser
internal import CPlatform
internal import Glibc

/// What the units are made of.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The vault's file.", valueName: "path"))
    var vault: String?

    @Option(help: ArgumentHelp("A file with the passphrase, which systemd hands to the server.", valueName: "path"))
    var credential: String?

    @Option(help: ArgumentHelp("The port to listen on, on 127.0.0.1.", valueName: "port"))
    var port = 8080

    @Option(help: ArgumentHelp("Lock the vault when no good token has come for this time.", valueName: "time"))
    var idle: TimeSpan?

    func validate() throws {
        guard (1...65_535).contains(port) else { throw ValidationError("--port is not 1 to 65535") }
        if let credential, credential.isEmpty { throw ValidationError("--credential is empty") }
        if let vault, vault.isEmpty { throw ValidationError("--vault is empty") }
    }

    /// The units for this program, and this user's vault. Throws ``Failure``.
    func units() throws(Failure) -> ServiceUnits {
        var options = VaultOptions()
        options.vault = vault
        let vault = try Self.absolute(try options.path())
        guard let program = Machine.resolved("/proc/self/exe") else {
            throw Failure(.inputOutput, "the program's own place cannot be told", hint: "is /proc mounted?")
        }
        guard let state = StateFolder.path else {
            throw Failure(.badInput, "HOME is not set", hint: "it is where the units go, and what the server notes")
        }
        let units = ServiceUnits(
            program: program, vault: vault, vaultFolder: FileChecks.folder(of: vault), stateFolder: state,
            credential: try credential.map { path throws(Failure) in try Self.absolute(path) }, port: port,
            idle: idle)
        for path in [program, vault, units.vaultFolder, state, units.credential ?? ""] {
            guard path.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
                throw Failure(
                    .badInput, "a path has control characters, which no unit holds", hint: "rename the folder")
            }
        }
        guard !units.isHomeWritable else {
            throw Failure(
                .badInput, "the vault lies directly in \(units.vaultFolder), all of which the server could write",
                hint: "move it to a folder of its own, and name it with --vault or COFFER_VAULT")
        }
        // string_is_safe() of systemd refuses them in the name of a program, quoted or not.
        guard !program.contains(where: { "'\"\\".contains($0) }) else {
            throw Failure(
                .badInput, "the program's path has quotes or backslashes, which systemd refuses",
                hint: "install Coffer elsewhere")
        }
        return units
    }

    /// `path` from the root on, links kept.
    static func absolute(_ path: String) throws(Failure) -> String {
        if path.hasPrefix("/") { return path }
        guard let here = Machine.resolved(".") else {
            throw Failure(.inputOutput, "the working directory cannot be told", hint: "give paths from the root on")
        }
        return "\(here)/\(path)"
    }
}
