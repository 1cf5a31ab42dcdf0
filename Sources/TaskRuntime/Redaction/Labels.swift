internal import Sodium

/// The bytes of all forms, one form behind the other, in wiped memory.
///
/// They are the text of the forms and, at once, the labels of the trie's nodes: see ``Trie``.
struct Labels: ~Copyable, Sendable {
    private var bytes: SecureArray<UInt8>

    /// The number of bytes appended so far.
    private(set) var count = 0

    /// No bytes yet; room for `capacity` until it has to grow.
    init(capacity: Int) {
        // One more, always: the byte behind a node is read before it is known to belong to it.
        self.bytes = SecureArray(zeroed: capacity + 1)
    }

    /// The number of bytes there is room for.
    var capacity: Int { bytes.count - 1 }

    /// The byte at `index`, which may be ``count``.
    subscript(index: Int) -> UInt8 { bytes[index] }

    /// Whether a line feed gets a carriage return before it, as a terminal's output processing has it.
    var endsLinesAsTerminal = false

    /// Appends one byte.
    mutating func append(_ byte: UInt8) {
        if byte == UInt8(ascii: "\n"), endsLinesAsTerminal { put(UInt8(ascii: "\r")) }
        put(byte)
    }

    private mutating func put(_ byte: UInt8) {
        if count == capacity { bytes.grow(to: 2 * capacity + 1) }
        bytes[count] = byte
        count += 1
    }

    /// Appends text that is not secret.
    mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
    }

    /// Forgets the bytes from `newCount` on.
    mutating func truncate(to newCount: Int) {
        precondition(newCount <= count)
        count = newCount
    }

    /// The four bytes from `index` on, as one number.
    func window(at index: Int) -> UInt32 {
        precondition(index + 4 <= count)
        return bytes.withUnsafeElements {
            UnsafeRawPointer($0.baseAddress! + index).loadUnaligned(as: UInt32.self)
        }
    }
}
