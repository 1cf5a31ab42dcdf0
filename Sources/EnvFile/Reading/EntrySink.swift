/// Where a parser hands over what it reads: for each entry its name, then its value byte by byte, then its end.
///
/// The value is never held anywhere else, so that it can go straight into memory that is wiped.
public protocol EntrySink: ByteSink, ~Copyable {
    /// Starts an entry whose name stands at `position`. The name is as written, and may not be fit for a secret.
    mutating func begin(name: String, at position: Position)
    /// Ends the entry.
    mutating func end()
}

/// A place in a file, as editors count: lines and columns from 1, columns in Unicode code points.
public struct Position: Equatable, Sendable {
    /// The line, from 1. A line ends with LF, CRLF or a lone CR.
    public let line: Int
    /// The column, from 1, in Unicode code points.
    public let column: Int
}

/// A file that its dialect does not allow.
public struct ParseError: Error, Equatable {
    /// Where.
    public let position: Position
    /// What is wrong and what would be right, lower-case, in words that repeat nothing of the file.
    public let reason: String
}
