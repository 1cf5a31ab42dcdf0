import Glibc
import TaskRuntime
import Testing

@testable import Commands

/// What a task that does not start ends `coffer run` with, as env(1) has it: what a shell script asks for.
@Suite struct FailureTests {
    @Test(
        "a command that cannot be started ends with 126 or 127, and with 125 where it is not the command's fault",
        arguments: [
            (ChildError.notFound, 127), (.notExecutable(EACCES), 126), (.tooLarge, 126), (.system(EAGAIN), 125),
            (.output(ENOSPC), 125),
        ] as [(ChildError, Int32)])
    func statuses(error: ChildError, status: Int32) {
        #expect(Failure(error).status.rawValue == status)
    }
}
