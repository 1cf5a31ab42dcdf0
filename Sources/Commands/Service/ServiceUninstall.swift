internal import ArgumentParser
internal import Glibc

/// `coffer service uninstall`.
struct ServiceUninstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "End the server that systemd started, and remove its units.",
        discussion: """
            The vault and the passphrase file stay.

            EXAMPLE:
              coffer service uninstall
            """)

    @Flag(help: "Remove units that 'install' did not write, too.")
    var force = false

    func run() throws {
        let place = try UserUnits()
        let names = [ServiceUnits.socketName, ServiceUnits.serviceName]
        var found: [String] = []
        for name in names {
            guard let text = try place.text(of: name) else { continue }
            guard force || text.hasPrefix(ServiceUnits.mark) else {
                throw Failure(
                    .exists, "\(place.path(of: name)) was not written by 'coffer service install'",
                    hint: "--force removes it all the same")
            }
            found.append(name)
        }
        guard !found.isEmpty else {
            throw Failure(.notFound, "there are no units to remove", hint: "'coffer service install' writes them")
        }
        // Before they are gone: systemd removes the links that it made by what the units say.
        let isStopped = UserUnits.control(["disable", "--now", ServiceUnits.socketName, ServiceUnits.serviceName])
        for name in found {
            guard unlink(place.path(of: name)) == 0 else {
                throw Failure(
                    .inputOutput, "\(place.path(of: name)) cannot be removed", hint: "check its folder: 'ls -ld'")
            }
            Terminal.say("removed \(place.path(of: name))")
        }
        guard isStopped, UserUnits.control(["daemon-reload"]) else {
            return Terminal.say("warning: systemd was not told: a server that it started may still run")
        }
    }
}
