internal import Commands

/// `coffer-server`: the same program with the server in it, which `coffer` becomes where a command needs it.
@main
enum Main {
    @MainActor static func main() async {
        await ServerCommands.$current.withValue(LinkedServer()) { await Program.main() }
    }
}
