internal import Glibc
internal import Testing

@testable internal import TaskRuntime

@Suite("Child errors")
struct ChildErrorTests {
    @Test(
        "an error of starting a program has the exit status that shells use",
        arguments: [
            (ENOENT, ChildError.notFound, 127), (EACCES, .notExecutable(EACCES), 126),
            (E2BIG, .tooLarge, 126), (ENOTDIR, .notExecutable(ENOTDIR), 126),
            (EAGAIN, .system(EAGAIN), 125), (ENOMEM, .system(ENOMEM), 125),
        ] as [(Int32, ChildError, Int32)])
    func exitStatus(number: Int32, error: ChildError, status: Int32) {
        #expect(ChildError(starting: number) == error)
        #expect(error.exitStatus == status)
    }
}
