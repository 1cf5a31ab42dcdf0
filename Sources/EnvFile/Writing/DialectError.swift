/// The dialect has no way to write this entry.
public struct DialectError: Error, Equatable {
    /// What the entry is or contains, as the end of a sentence that begins with its name ("contains a line break"), in
    /// words that do not repeat the value.
    public let reason: String
}
