internal import CSodium

/// The stack of the thread that runs.
public enum Stack {
    /// Runs `body`, and then overwrites what it and all that it called may have left on the stack: a string of up to 15
    /// bytes is kept in the place of its address, so it is copied about without being on the heap at all.
    ///
    /// Reaches 32 KiB down. Rethrows what `body` throws.
    @inline(never)
    public static func wiping<R, E>(_ body: () throws(E) -> R) throws(E) -> R {
        defer { sodium_stackzero(byteCount) }
        return try body()
    }

    private static let byteCount = 32 << 10
}
