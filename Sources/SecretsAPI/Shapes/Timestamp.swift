internal import FoundationEssentials

/// Times as the API writes them: RFC 3339 in UTC, whole seconds.
public enum Timestamp {
    /// `seconds` since 1970-01-01T00:00:00Z, as `2026-01-02T03:04:05Z`.
    public static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
