internal import Glibc

/// How long a session lasts.
public struct SessionLimits: Sendable, Equatable {
    /// From its beginning, in seconds.
    public let total: UInt32
    /// From its last use, in seconds.
    public let idle: UInt32

    /// The longest that is granted: a year, which no machine that is kept up to date runs for.
    public static let longest: UInt32 = 365 * 86_400
    /// A working day, and an hour away from the desk.
    public static let workingDay = SessionLimits(total: 8 * 3600, idle: 3600)!

    /// Limits of 1 second to ``longest``; nil for others.
    public init?(total: Int64, idle: Int64) {
        let bounds = 1...Int64(Self.longest)
        guard bounds.contains(total), bounds.contains(idle) else { return nil }
        self.total = UInt32(total)
        self.idle = UInt32(idle)
    }
}

/// The time for which a vault's root key is in the kernel's keyring, so that commands need no passphrase.
public struct Session: Sendable, Equatable {
    /// When it ends at the latest, in seconds of this machine's running (``BootTime``).
    let deadline: Int64
    /// How long after its last use it ends, in seconds.
    public let idle: UInt32

    /// A session that begins `now`.
    init(_ limits: SessionLimits, now: Int64) {
        self.init(deadline: now + Int64(limits.total), idle: limits.idle)
    }

    init(deadline: Int64, idle: UInt32) {
        self.deadline = deadline
        self.idle = idle
    }

    /// How long it lasts at most, in seconds; 0 when it is over.
    public var remaining: Int64 { remaining(at: BootTime.now()) }

    func remaining(at now: Int64) -> Int64 { max(deadline - now, 0) }

    /// The time that the kernel is to give it when it is used `now`, in seconds; 0 when it is over.
    func timeout(at now: Int64) -> UInt32 {
        UInt32(clamping: min(remaining(at: now), Int64(idle)))
    }
}

/// Seconds since the machine was started, those in which it slept among them: no clock that somebody sets.
enum BootTime {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec)
    }
}
