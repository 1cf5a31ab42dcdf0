import Sodium
import Testing

@testable import Commands

/// What is proposed on machines of any speed and size.
@Suite struct TuningTests {
    private static let mebibyte: UInt64 = 1 << 20

    /// A search on a machine that needs `microseconds` for a pass over 1 MiB, and has `memory` MiB to give.
    private func tuning(
        target: UInt64 = 1000, memory: UInt64 = 2048, microseconds: UInt64, refusing refused: UInt64 = .max
    ) throws -> Tuning {
        try Tuning(target: target, memory: memory * Self.mebibyte) { cost throws(PasswordHashError) in
            guard cost.memory / Self.mebibyte < refused else { throw .outOfMemory }
            return cost.memory / Self.mebibyte * UInt64(cost.operations) * microseconds / 1000
        }
    }

    private func proposal(_ tuning: Tuning) -> [UInt64] {
        [tuning.proposal.cost.memory / Self.mebibyte, UInt64(tuning.proposal.cost.operations)]
    }

    @Test("the most memory is taken that leaves time for three passes")
    func usual() throws {
        // 3 passes over 512 MiB take 922 ms, 2 over 1 GiB 1,229.
        #expect(proposal(try tuning(microseconds: 600)) == [512, 3])
        #expect(proposal(try tuning(microseconds: 400)) == [512, 4])
        #expect(proposal(try tuning(microseconds: 300)) == [1024, 3])
    }

    @Test("half the time takes half the memory")
    func target() throws {
        #expect(proposal(try tuning(target: 500, microseconds: 600)) == [256, 3])
    }

    @Test(
        "no more memory is taken than there is to give, and more passes instead",
        arguments: [100, 256, 511] as [UInt64])
    func memory(limit: UInt64) throws {
        let tuning = try tuning(memory: limit, microseconds: 300)
        #expect(tuning.trials.allSatisfy { $0.cost.memory <= limit * Self.mebibyte })
        #expect(proposal(tuning) == (limit == 100 ? [64, 16] : [256, 13]))
    }

    @Test("a fast machine ends at the bounds: 2 GiB, 16 passes")
    func bounds() throws {
        #expect(proposal(try tuning(memory: 1 << 20, microseconds: 1)) == [2048, 16])
        let instant = try Tuning(target: 1000, memory: .max) { _ throws(PasswordHashError) in 0 }
        #expect(proposal(instant) == [2048, 16])
    }

    @Test("a slow machine is offered the least that is accepted")
    func slow() throws {
        #expect(proposal(try tuning(microseconds: 100_000)) == [19, 2])
    }

    @Test("where three passes take too long over any memory, two do")
    func two() throws {
        // 2 passes over 19 MiB take 950 ms.
        #expect(proposal(try tuning(microseconds: 25_000)) == [19, 2])
    }

    @Test("memory that cannot be had is not proposed; without any, that is told")
    func refused() throws {
        #expect(proposal(try tuning(microseconds: 300, refusing: 512)) == [256, 13])
        #expect(throws: PasswordHashError.outOfMemory) { try tuning(microseconds: 300, refusing: 1) }
    }

    @Test("where the memory itself takes time, what is left of it goes to further passes")
    func overhead() throws {
        let tuning = try Tuning(target: 1000, memory: 256 * Self.mebibyte) { cost throws(PasswordHashError) in
            cost.memory / Self.mebibyte * (5 + UInt64(cost.operations) * 2) / 10
        }
        // 2 passes take 230 ms, by which there would be time for 8; they take 537, and 17 would take 998.
        #expect(proposal(tuning) == [256, 16])
        #expect(tuning.trials.last == tuning.proposal)
    }

    @Test("what came out much longer than computed is not proposed")
    func uneven() throws {
        let tuning = try Tuning(target: 1000, memory: .max) { cost throws(PasswordHashError) in
            // From 256 MiB on, each further pass takes far longer than the first two.
            let time = cost.memory / Self.mebibyte * UInt64(cost.operations) / 2
            return cost.memory >= 256 * Self.mebibyte && cost.operations > 2 ? time * 2 : time
        }
        #expect(tuning.proposal.milliseconds <= 1100)
        #expect(proposal(tuning) == [128, 15])
    }

    @Test("a quarter of the memory may be taken: of the machine's, or of its container's where that is less")
    func share() throws {
        let folder = Folder()
        let memory = MachineMemory(machine: Machine(proc: "\(folder.path)/proc", sys: "\(folder.path)/sys"))
        #expect(memory.share == 19 * Self.mebibyte)
        try folder.write("MemTotal:       16777216 kB\nMemFree:  1 kB\n", to: "proc/meminfo")
        #expect(memory.share == 4096 * Self.mebibyte)
        try folder.write("0::/user.slice/a.scope\n", to: "proc/self/cgroup")
        try folder.write("max\n", to: "sys/fs/cgroup/user.slice/a.scope/memory.max")
        #expect(memory.share == 4096 * Self.mebibyte)
        try folder.write("1073741824\n", to: "sys/fs/cgroup/user.slice/a.scope/memory.max")
        #expect(memory.share == 256 * Self.mebibyte)
        try folder.write("1048576\n", to: "sys/fs/cgroup/memory.max")
        #expect(memory.share == 19 * Self.mebibyte)
    }

    @Test("a time is a number with a unit, from 100 ms to 10 s")
    func times() {
        for (text, milliseconds) in [
            ("500ms", 500), ("1s", 1000), ("10s", 10_000), ("100ms", 100), ("10000ms", 10_000),
        ] {
            #expect(OpeningTime(argument: text)?.milliseconds == UInt64(milliseconds))
        }
        for text in [
            "", "s", "ms", "1", "99ms", "11s", "0s", "-1s", "1.5s", "1m", "1 s", "+1s", "99999999999999999999s",
        ] {
            #expect(OpeningTime(argument: text) == nil, "\(text)")
        }
    }
}
