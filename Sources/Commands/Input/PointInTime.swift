internal import ArgumentParser
internal import SecretsAPI

/// A time as people write it: by RFC 3339, or how long ago it was.
enum PointInTime: ExpressibleByArgument, Equatable {
    /// So many seconds since 1970-01-01T00:00:00Z.
    case at(Int64)
    /// So long before now.
    case ago(TimeSpan)

    init?(argument: String) {
        if let span = TimeSpan(argument: argument) {
            self = .ago(span)
        } else if let seconds = Timestamp.seconds(argument) {
            self = .at(seconds)
        } else {
            return nil
        }
    }

    /// In seconds since 1970-01-01T00:00:00Z.
    func seconds(now: Int64) -> Int64 {
        switch self {
        case .at(let seconds): seconds
        case .ago(let span): now - span.seconds
        }
    }
}
