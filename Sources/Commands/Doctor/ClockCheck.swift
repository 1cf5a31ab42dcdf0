internal import Glibc
internal import SecretsAPI

/// Whether the clock can be right: tokens end by it, and the log tells by it.
struct ClockCheck {
    /// When the vault's files were written last, in seconds since 1970-01-01T00:00:00Z; nil where there are none.
    let lastWrite: Int64?

    /// 2025-01-01 and 2100-01-01, in seconds since 1970-01-01T00:00:00Z.
    private static let plausible: Range<Int64> = 1_735_689_600..<4_102_444_800
    /// How far a file's time may lie ahead, in seconds: it may come from another machine, over the network.
    private static let slack: Int64 = 60

    func finding(now: Int64) -> Finding {
        let check = "clock"
        let remedy = "sudo timedatectl set-ntp true"
        let time = Timestamp.text(now)
        guard Self.plausible.contains(now) else {
            return .fails(check, "\(time) cannot be right: tokens end by it", remedy: remedy)
        }
        if let lastWrite, lastWrite > now + Self.slack {
            return .fails(
                check, "\(time) is before the vault was last written, \(Timestamp.text(lastWrite)): tokens live longer",
                remedy: remedy)
        }
        return .ok(check, time)
    }

    /// When the newest of these files was written.
    static func newest(of paths: [String]) -> Int64? {
        paths.compactMap { Machine.status(of: $0).map { Int64($0.st_mtim.tv_sec) } }.max()
    }
}
