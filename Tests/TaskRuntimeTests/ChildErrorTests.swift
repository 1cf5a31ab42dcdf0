internal import Glibc
internal import Testing

@testable internal import TaskRuntime

@Suite("Child errors")
struct ChildErrorTests {
    @Test(
        "an error of starting a program tells what is wrong with it from what is wrong with the machine",
        arguments: [
            (ENOENT, ChildError.notFound), (EACCES, .notExecutable(EACCES)), (E2BIG, .tooLarge),
            (ENOTDIR, .notExecutable(ENOTDIR)), (EAGAIN, .system(EAGAIN)), (ENOMEM, .system(ENOMEM)),
        ] as [(Int32, ChildError)])
    func kinds(number: Int32, error: ChildError) {
        #expect(ChildError(starting: number) == error)
    }
}
