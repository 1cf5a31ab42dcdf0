internal import Glibc

/// Why a task could not be started, or its output not be delivered.
public enum ChildError: Error, Equatable {
    /// There is no such program.
    case notFound
    /// The program is there but cannot be started, for this error of execve(2).
    case notExecutable(Int32)
    /// Arguments and environment are larger than the kernel takes.
    case tooLarge
    /// The kernel gave no process, pipe or terminal for it, for this error.
    case system(Int32)
    /// The task has ended, but part of its output could not be written, for this error of write(2).
    case output(Int32)

    /// For an error of starting a program.
    init(starting error: Int32) {
        switch error {
        case ENOENT: self = .notFound
        case E2BIG: self = .tooLarge
        case EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSYS: self = .system(error)
        default: self = .notExecutable(error)
        }
    }
}
