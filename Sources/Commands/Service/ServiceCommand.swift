internal import ArgumentParser

/// `coffer service`.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Have systemd start the server with the first connection to its port.",
        discussion: """
            EXAMPLE:
              coffer service show
              coffer service install --credential ~/.config/coffer/passphrase --now
              coffer service uninstall
            """,
        subcommands: [ServiceInstall.self, ServiceUninstall.self, ServiceShow.self])
}
