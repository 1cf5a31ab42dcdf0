/// A reader of env files, by whose rules a file is written. There is no encoding that all of them understand.
public enum Dialect: String, CaseIterable, Sendable {
    /// bash and dash (`source`), and systemd (`EnvironmentFile=`).
    case shell

    /// Writes one assignment, line break included, to `sink`.
    ///
    /// `name` is UPPER_SNAKE_CASE; `value` is UTF-8. Throws ``DialectError`` for a value that no encoding of this
    /// dialect can hold; what was written to `sink` until then is not to be used.
    public func encode(
        name: String, value: UnsafeRawBufferPointer, to sink: inout some ByteSink & ~Copyable
    ) throws(DialectError) {
        switch self {
        case .shell: try ShellDialect.encode(name: name, value: value, to: &sink)
        }
    }
}

/// Where an encoder writes, byte by byte: memory that is wiped, so that this target needs to know nothing of secrets.
public protocol ByteSink: ~Copyable {
    /// Takes one byte.
    mutating func append(_ byte: UInt8)
}

/// The dialect has no way to write this value.
public struct DialectError: Error, Equatable {
    /// What the value contains, in words that do not repeat it.
    public let reason: String
}
