internal import ArgumentParser

/// `coffer service show`.
struct ServiceShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the units that 'install' would write.",
        discussion: """
            EXAMPLE:
              coffer service show
            """)

    @OptionGroup var options: ServiceOptions

    func run() throws {
        let place = try UserUnits()
        for (name, text) in try options.units().all {
            try Output.data("# \(place.path(of: name))\n\(text)\n".utf8)
        }
    }
}
