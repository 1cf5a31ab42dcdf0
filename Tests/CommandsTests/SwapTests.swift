import Glibc
import Testing

@testable import Commands

/// What `/proc/swaps` and `/sys` tell of swap.
@Suite struct SwapTests {
    private let folder = Folder()
    private static let heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

    private func finding(_ areas: String) throws -> Finding {
        try folder.write(Self.heading + areas, to: "proc/swaps")
        return SwapCheck(machine: Machine(proc: "\(folder.path)/proc", sys: "\(folder.path)/sys")).finding()
    }

    @Test("no swap is as it should be")
    func none() throws {
        #expect(try finding("") == .ok("swap", "none"))
    }

    @Test("a partition is not encrypted, and the remedy names it")
    func partition() throws {
        try folder.makeFolder("sys/class/block/sda2/slaves")
        let finding = try finding("/dev/sda2                               partition\t2097148\t\t0\t\t-2\n")
        #expect(finding.state == .warning)
        #expect(finding.remedy == "sudo swapoff /dev/sda2")
    }

    @Test("a device of dm-crypt is encrypted")
    func crypt() throws {
        try folder.write("CRYPT-PLAIN-swap\n", to: "sys/class/block/dm-0/dm/uuid")
        #expect(try finding("/dev/dm-0 partition 10 0 -2\n").state == .ok)
    }

    @Test("a volume of LVM is encrypted where all that it lies on is", arguments: [true, false])
    func volume(isWhole: Bool) throws {
        try folder.write("LVM-abc\n", to: "sys/class/block/dm-1/dm/uuid")
        try folder.write("CRYPT-LUKS2-abc\n", to: "sys/class/block/dm-1/slaves/dm-0/dm/uuid")
        if !isWhole { try folder.makeFolder("sys/class/block/dm-1/slaves/sdb1") }
        #expect(try finding("/dev/dm-1 partition 10 0 -2\n").state == (isWhole ? .ok : .warning))
    }

    @Test(
        "zram is memory, unless it writes to a disk", arguments: [("none", Finding.State.ok), ("/dev/sda3", .warning)])
    func zram(backing: String, state: Finding.State) throws {
        try folder.write(backing + "\n", to: "sys/class/block/zram0/backing_dev")
        #expect(try finding("/dev/zram0 partition 10 0 100\n").state == state)
    }

    @Test("a file is as encrypted as the device that it lies on", arguments: [true, false])
    func file(isEncrypted: Bool) throws {
        let file = try folder.write("swap", to: "swapfile")
        var status = stat()
        try #require(stat(file, &status) == 0)
        let device = "\(status.st_dev >> 8 & 0xfff):\(status.st_dev & 0xff | status.st_dev >> 12 & 0xfff00)"
        try folder.write(isEncrypted ? "CRYPT-LUKS2-abc\n" : "LVM-abc\n", to: "sys/dev/block/\(device)/dm/uuid")
        #expect(try finding("\(file) file 10 0 -2\n").state == (isEncrypted ? .ok : .warning))
    }

    @Test("one area that is not encrypted is enough, and is the only one that is told")
    func mixture() throws {
        try folder.write("CRYPT-PLAIN-swap\n", to: "sys/class/block/dm-0/dm/uuid")
        let finding = try finding("/dev/dm-0 partition 10 0 -2\n/my\\040swap file 10 0 -3\n")
        #expect(finding.state == .warning)
        #expect(finding.remedy == "sudo swapoff '/my swap'")
    }

    @Test("a list that cannot be read is told")
    func unreadable() {
        let machine = Machine(proc: "\(folder.path)/nothing", sys: "\(folder.path)/sys")
        #expect(SwapCheck(machine: machine).finding().state == .warning)
    }
}
