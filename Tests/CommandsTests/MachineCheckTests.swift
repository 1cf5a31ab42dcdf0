import Glibc
import Sodium
import Testing

@testable import Commands

/// What the checks of this machine come to, given what the kernel says.
@Suite struct MachineCheckTests {
    private let folder = Folder()

    private var checks: MemoryChecks {
        MemoryChecks(machine: Machine(proc: "\(folder.path)/proc", sys: "\(folder.path)/sys"))
    }

    @Test("memory that cannot be locked fails, whatever the limit; with the limit in the words")
    func locking() {
        #expect(
            checks.locking(limit: 8 << 20, works: true)
                == .ok("memory lock", "memory can be kept out of swap (limit 8 MiB)"))
        #expect(checks.locking(limit: .max, works: true).found.hasSuffix("(no limit)"))
        let refused = checks.locking(limit: 0, works: false)
        #expect(refused.state == .fails)
        #expect(refused.remedy?.hasPrefix("ulimit -l ") == true)
    }

    @Test("a process that stayed dumpable fails")
    func dumpable() {
        #expect(checks.dumpable(isDumpable: 0).state == .ok)
        for number: Int32 in [1, 2, -1] { #expect(checks.dumpable(isDumpable: number).state == .fails) }
    }

    @Test("core dumps of tasks are a warning unless the limit is 0, and the words say where they go")
    func cores() throws {
        try folder.write("core\n", to: "proc/sys/kernel/core_pattern")
        #expect(checks.cores(limit: 0).state == .ok)
        let finding = checks.cores(limit: 1 << 20)
        #expect(finding.state == .warning && finding.remedy == "ulimit -c 0")
        #expect(finding.found.contains("written to 'core' (limit 1 MiB)"))
    }

    @Test("core dumps that are handed to a program are a warning whatever the limit", arguments: [0, 1 << 20, .max])
    func handedCores(limit: UInt64) throws {
        try folder.write("|/usr/share/apport/apport %p\n", to: "proc/sys/kernel/core_pattern")
        let finding = checks.cores(limit: limit)
        #expect(finding.state == .warning && finding.remedy == "sudo sysctl kernel.core_pattern=core")
        #expect(finding.found.contains("handed to '/usr/share/apport/apport %p'"))
    }

    @Test("tracing is a warning where anybody may attach, and where the kernel has no say in it")
    func tracing() throws {
        #expect(checks.tracing().state == .warning)
        for (scope, state) in [("0", .warning), ("1", .ok), ("2", .ok), ("3", .ok)] as [(String, Finding.State)] {
            try folder.write(scope + "\n", to: "proc/sys/kernel/yama/ptrace_scope")
            #expect(checks.tracing().state == state)
        }
    }

    @Test("a keyring that refuses is a warning with what helps against that refusal")
    func keyring() {
        #expect(KeyringCheck(error: 0).finding().state == .ok)
        let findings = [EDQUOT, ENOSYS, EPERM, EINVAL].map { KeyringCheck(error: $0).finding() }
        #expect(findings.allSatisfy { $0.state == .warning && $0.remedy != nil })
        #expect(findings[0].remedy!.hasPrefix("sudo sysctl kernel.keys.maxkeys"))
        #expect(findings[1].remedy == findings[2].remedy)
    }

    @Test("a clock fails in a year that cannot be, and before the vault was last written")
    func clock() {
        let now: Int64 = 1_800_000_000
        #expect(ClockCheck(lastWrite: nil).finding(now: now) == .ok("clock", "2027-01-15T08:00:00Z"))
        #expect(ClockCheck(lastWrite: now + 60).finding(now: now).state == .ok)
        #expect(ClockCheck(lastWrite: now + 61).finding(now: now).state == .fails)
        for wrong: Int64 in [0, 1_735_689_599, 4_102_444_800] {
            #expect(ClockCheck(lastWrite: nil).finding(now: wrong).state == .fails)
        }
    }

    @Test("a disk without room for SQLite's log fails, and so does one that can have no more files")
    func disk() {
        let check = DiskCheck(folder: "/")
        #expect(check.finding(free: (16 << 20) - 1, hasFiles: true).state == .fails)
        #expect(check.finding(free: 16 << 20, hasFiles: true).state == .warning)
        #expect(check.finding(free: 128 << 20, hasFiles: true).state == .ok)
        #expect(check.finding(free: 128 << 20, hasFiles: false).state == .fails)
    }

    @Test("a derivation that takes less work than the default is a warning, by the cheapest slot")
    func derivation() throws {
        let checks = VaultChecks(path: "/vault")
        let strong = try PasswordHash.Cost(operations: 2, memory: 1 << 30)
        #expect(checks.derivation([.moderate, strong]).state == .ok)
        let weak = checks.derivation([strong, .lowest])
        #expect(weak.state == .warning)
        #expect(weak.remedy == "coffer passphrase change --kdf-memory 256 --kdf-passes 3")
        #expect(checks.derivation([]).state == .fails)
    }

    @Test("a path becomes one word of a shell")
    func quoting() {
        for (path, word) in [
            ("/a/b-c_1.x", "/a/b-c_1.x"), ("/a b", "'/a b'"), ("/it's", #"'/it'\''s'"#), ("", "''"),
            ("$HOME", "'$HOME'"),
        ] {
            #expect(path.asShellWord == word)
        }
    }
}
