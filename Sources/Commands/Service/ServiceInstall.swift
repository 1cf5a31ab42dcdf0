internal import ArgumentParser
internal import Glibc
internal import Vault

/// `coffer service install`.
struct ServiceInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Write units for your own systemd: a socket on loopback, and the server behind it.",
        discussion: """
            They go to $XDG_CONFIG_HOME/systemd/user (~/.config). The server may write the vault's folder, which is not \
            your home, and nothing else of yours, and gets its socket from systemd. Its passphrase is that of \
            --credential; without one it starts locked, with the first request, and answers 423 until \
            'coffer unlock --server'.

            EXAMPLE:
              coffer service install --credential ~/.config/coffer/passphrase --now
            """)

    @OptionGroup var options: ServiceOptions

    @Flag(help: "Have systemd take them up, and listen at once and at each login.")
    var now = false

    @Flag(help: "Replace units that are there and say something else.")
    var force = false

    func run() throws {
        let units = try options.units()
        let place = try UserUnits()
        try check(units)
        var isFirst = true
        for (name, text) in units.all {
            guard let found = try place.text(of: name) else { continue }
            guard found == text || force else {
                throw Failure(
                    .exists, "\(place.path(of: name)) is there and says something else",
                    hint: "'coffer service show' prints what it would say; --force replaces it")
            }
            isFirst = false
        }
        // systemd starts no service whose paths are not there.
        for folder in [place.folder, units.stateFolder] { try UserUnits.makeFolder(folder) }
        for (name, text) in units.all {
            try place.write(text, to: name)
            Terminal.say("wrote \(place.path(of: name))")
        }
        if options.credential == nil {
            Terminal.say(
                "note: without --credential the server starts locked; once a first request, to /healthz for one, has started "
                    + "it, 'coffer unlock --server' unlocks it")
        }
        // What runs keeps to what its unit said when it was started, which may be long ago, and a socket that a server still has
        // is not bound anew.
        let steps =
            [["daemon-reload"]] + (isFirst ? [] : [["stop", ServiceUnits.serviceName, ServiceUnits.socketName]])
            + [["enable", "--now", ServiceUnits.socketName]]
        guard now else {
            let commands = steps.map { "systemctl --user " + $0.joined(separator: " ") }
            return Terminal.say("next: " + commands.joined(separator: " && "))
        }
        guard steps.allSatisfy(UserUnits.control) else {
            throw Failure(
                .inputOutput, "systemd did not take up the units, which are written",
                hint: "systemctl --user status \(ServiceUnits.socketName)")
        }
    }

    /// Refuses what the units would only fail on later.
    private func check(_ units: ServiceUnits) throws(Failure) {
        guard Machine.status(of: units.vault) != nil else { throw Failure(.noVault) }
        for (name, path) in [("vault", units.vaultFolder + "/"), ("program", units.program)] {
            for folder in ["/tmp/", "/var/tmp/"] where path.hasPrefix(folder) {
                Terminal.say(
                    "warning: the \(name) lies under \(folder), which the server does not see (PrivateTmp=): move it")
            }
        }
        guard let credential = units.credential else { return }
        guard let status = Machine.status(of: credential), status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(
                .notFound, "there is no file for --credential", hint: "make one that only you can read: chmod 600")
        }
        if status.st_mode & 0o077 != 0 {
            Terminal.say("warning: others can read the passphrase file; 'chmod 600' keeps them out")
        }
    }
}
