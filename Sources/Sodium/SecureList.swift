/// Several secret byte strings in one protected allocation, for as many as a process has no pages to hold singly.
public final class SecureList: Sendable {
    private let bytes: SecureBytes
    /// Where each string ends; the next begins there.
    private let ends: [Int]

    /// The strings that follow each other in `bytes`; `ends` are the offsets at which each ends, in rising order.
    public init(_ bytes: consuming SecureBytes, ends: [Int]) {
        precondition(ends.last ?? 0 <= bytes.count)
        self.bytes = bytes
        self.ends = ends
    }

    /// The number of strings.
    public var count: Int { ends.count }

    /// Lends the string at `index`, for reading only, until `body` returns.
    public func withUnsafeBytes<R: ~Copyable, E>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let start = index == 0 ? 0 : ends[index - 1]
        return try bytes.withUnsafeBytes { bytes throws(E) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[start..<ends[index]]))
        }
    }

    /// A copy of the strings at `indices`, in this order.
    public func picking(_ indices: [Int]) -> SecureList {
        var picked = SecureBuffer(capacity: bytes.count)
        var ends: [Int] = []
        for index in indices {
            withUnsafeBytes(at: index) { picked.append($0) }
            ends.append(picked.count)
        }
        return SecureList(picked.finish(), ends: ends)
    }

    /// Lends all strings to `body`, which reads many of them: their pages change protection once.
    public func reading<R: ~Copyable, E>(_ body: (SecureList) throws(E) -> R) throws(E) -> R {
        bytes.beginReading()
        defer { bytes.endReading() }
        return try body(self)
    }
}
