internal import Sodium

/// How much memory this machine has, or the container that the program is in.
struct MachineMemory {
    var machine = Machine()

    /// What a derivation may take of it, in bytes: a quarter, and no less than the least that is accepted.
    var share: UInt64 {
        let limits = ([total] + containers).compactMap(\.self)
        return max(PasswordHash.Cost.memoryBounds.lowerBound, (limits.min() ?? 0) / 4)
    }

    /// `MemTotal` of proc_meminfo(5), which is in KiB.
    private var total: UInt64? {
        for line in machine.lines(of: machine.proc + "/meminfo") ?? [] {
            let fields = line.split { $0 == " " || $0 == "\t" }
            if fields.count > 1, fields[0] == "MemTotal:" { return UInt64(fields[1]).map { $0 << 10 } }
        }
        return nil
    }

    /// The limits of the control groups that this process is in (cgroups(7)), as far as they can be read. "max" is none.
    private var containers: [UInt64?] {
        var files = ["memory.max", "memory/memory.limit_in_bytes"]
        for line in machine.lines(of: machine.proc + "/self/cgroup") ?? [] {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[1].isEmpty { files.append("\(fields[2].dropFirst())/memory.max") }
            if fields[1] == "memory" { files.append("memory/\(fields[2].dropFirst())/memory.limit_in_bytes") }
        }
        return files.map { machine.line(of: "\(machine.sys)/fs/cgroup/\($0)").flatMap { UInt64($0) } }
    }
}
