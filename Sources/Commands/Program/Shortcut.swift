internal import ArgumentParser

/// Parses the command line of one of the commands that people and scripts call most, without a look at all the others.
///
/// From the root, the parser describes every command, and looks for a request for completions first, all by reflection: a
/// millisecond that each start would wait for. What this does not understand is left to the parser from the root, and so
/// are all errors.
enum Shortcut {
    /// The command that `arguments`, without the program's name, give; nil where the parser has to look from the root.
    static func parse(_ arguments: [String]) -> (any ParsableCommand)? {
        // Names and types side by side: asking each type for its name takes as long as what is to be saved.
        switch arguments.first {
        case "run": parse(Run.self, arguments)
        case "reveal": parse(Reveal.self, arguments)
        case "export": parse(Export.self, arguments)
        case "inject": parse(Inject.self, arguments)
        case "add": parse(Add.self, arguments)
        case "list": parse(List.self, arguments)
        case "show": parse(Show.self, arguments)
        default: nil
        }
    }

    private static func parse<Command: ParsableCommand>(
        _: Command.Type, _ arguments: [String]
    ) -> (any ParsableCommand)? {
        let options = arguments.dropFirst().prefix { $0 != "--" }
        // Whatever it is that asks for help, for the version or for completions.
        guard
            options.allSatisfy({
                $0 != "-h" && !$0.contains("help") && !$0.contains("version") && !$0.contains("compl")
            })
        else { return nil }
        return (try? Alone<Command>.parseAsRoot(Array(arguments.dropFirst())) as? Alone<Command>)?.command
    }

    /// A command as the root of its own tree, said to belong to another, for which the parser looks for less.
    private struct Alone<Command: ParsableCommand>: ParsableCommand {
        static var configuration: CommandConfiguration {
            var configuration = Command.configuration
            configuration._superCommandName = "coffer"
            return configuration
        }

        @OptionGroup var command: Command
    }
}
