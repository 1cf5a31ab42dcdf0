internal import Glibc
internal import TaskRuntime

extension Failure {
    /// For a task that could not be started.
    init(_ error: ChildError) {
        switch error {
        case .notFound:
            self.init(.commandNotFound, "there is no such command", hint: "check its name, and PATH")
        case .notExecutable(let code):
            self.init(
                .commandNotExecutable, "the command cannot be started: \(Self.words(code))",
                hint: "check its mode, and that it is a program: 'ls -l', 'file'")
        case .tooLarge:
            self.init(
                .commandNotExecutable, "the arguments and the environment are larger than the kernel takes",
                hint: "give the command fewer or shorter secrets: see 'coffer run --explain'")
        case .system(let code):
            self.init(
                .runFailed, "no process, pipe or terminal for the command: \(Self.words(code))",
                hint: "end other programs; 'ulimit -a' shows the limits")
        case .output(let code):
            self.init(
                .runFailed, "part of the command's output could not be written: \(Self.words(code))",
                hint: "check the disk; the command has ended")
        }
    }

    private static func words(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }
}
