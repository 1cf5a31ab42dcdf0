internal import Commands

/// `coffer`: everything but the server, which would double the time that it takes to start.
@main
enum Main {
    static func main() {
        Program.main()
    }
}
