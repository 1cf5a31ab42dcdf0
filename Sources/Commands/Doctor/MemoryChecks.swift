internal import CPlatform
internal import Glibc

/// Whether what is in memory stays there, and stays Coffer's.
struct MemoryChecks {
    var machine = Machine()

    /// How much is locked to see whether it can be, in bytes: what a command with some dozens of values takes.
    private static let tried = 1 << 20

    func findings() -> [Finding] {
        [
            locking(), SwapCheck(machine: machine).finding(), dumpable(isDumpable: coffer_is_dumpable()),
            cores(limit: coffer_inherited_core_limit()), tracing(),
        ]
    }

    private func locking() -> Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit)
        return locking(limit: UInt64(limit.rlim_cur), works: Self.canLock(Self.tried))
    }

    /// Locking with this limit, in bytes, which was tried.
    func locking(limit: UInt64, works: Bool) -> Finding {
        let words = limit == .max ? "no limit" : "limit \(Self.size(limit))"
        return works
            ? .ok("memory lock", "memory can be kept out of swap (\(words))")
            : .fails(
                "memory lock",
                "memory cannot be kept out of swap: \(Self.size(UInt64(Self.tried))) was refused (\(words))",
                remedy: "ulimit -l 65536; for good: 'memlock' in /etc/security/limits.conf")
    }

    private static func canLock(_ count: Int) -> Bool {
        guard let memory = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { return false }
        defer { munmap(memory, count) }
        return mlock(memory, count) == 0
    }

    /// The process as `coffer_disable_dumps` left it.
    func dumpable(isDumpable: Int32) -> Finding {
        isDumpable == 0
            ? .ok("dumpable", "off: no core dump of Coffer, and no program of yours attaches to it")
            : .fails(
                "dumpable", "the kernel refused to turn it off: other programs of yours can read Coffer's memory",
                remedy: "run Coffer outside the sandbox that forbids prctl(PR_SET_DUMPABLE)")
    }

    /// Core dumps of tasks: those of Coffer itself are off.
    func cores(limit: UInt64) -> Finding {
        let check = "core dumps"
        let pattern = machine.line(of: machine.proc + "/sys/kernel/core_pattern") ?? "unknown"
        let told = "a task that crashes leaves its memory and the values in it"
        // The kernel asks for no limit then: core(5).
        guard !pattern.hasPrefix("|") else {
            return .warning(
                check, "\(told), handed to '\(pattern.dropFirst())', whatever the limit",
                remedy: "sudo sysctl kernel.core_pattern=core")
        }
        guard limit > 0 else { return .ok(check, "none of tasks (limit 0; else written to '\(pattern)')") }
        let words = limit == .max ? "no limit" : "limit \(Self.size(limit))"
        return .warning(check, "\(told), written to '\(pattern)' (\(words))", remedy: "ulimit -c 0")
    }

    /// Whether programs of the same user may attach to tasks: to Coffer itself they may not.
    func tracing() -> Finding {
        let check = "ptrace scope"
        switch machine.line(of: machine.proc + "/sys/kernel/yama/ptrace_scope").flatMap({ Int($0) }) {
        case nil:
            return .warning(
                check, "this kernel has no Yama: programs of yours may read the memory of tasks",
                remedy: "a kernel with CONFIG_SECURITY_YAMA")
        case 0:
            return .warning(
                check, "0: programs of yours may read the memory of tasks",
                remedy: "sudo sysctl kernel.yama.ptrace_scope=1")
        case let scope?:
            return .ok(check, "\(scope): programs of yours may not read the memory of tasks")
        }
    }

    /// A number of bytes in words.
    static func size(_ count: UInt64) -> String {
        switch count {
        case 0: "0"
        case ..<(1 << 20): "\(count >> 10) KiB"
        case ..<(1 << 30): "\(count >> 20) MiB"
        default: "\(count >> 30) GiB"
        }
    }
}
