internal import Commands

/// `coffer-server`: the same program with the server in it, which `coffer` becomes where a command needs it.
@main
enum Main {
    static func main() {
        ServerCommands.$current.withValue(LinkedServer()) { Program.main(servesMany: true) }
    }
}
