internal import Glibc

/// The program's clock.
package enum Clock {
    /// Seconds since 1970-01-01T00:00:00Z.
    @Sendable package static func now() -> Int64 {
        Int64(time(nil))
    }
}
