internal import CSodium

/// Secret bytes under construction: grows by appending, becomes ``SecureBytes`` when done.
///
/// It grows by allocating anew and wiping the old pages, never by `realloc`, so no part of a secret is left behind.
public struct SecureBuffer: ~Copyable, @unchecked Sendable {
    // Safe to send: `base` is owned by this value alone.
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private let isInherited: Bool

    /// The number of bytes appended so far.
    public private(set) var count = 0

    /// An empty buffer with room for `capacity` bytes; choose it well and nothing is ever copied.
    ///
    /// With `isInherited`, a process that is forked off gets a copy; else it finds zeros.
    public init(capacity: Int, isInherited: Bool = false) {
        self.capacity = max(capacity, 64)
        self.isInherited = isInherited
        self.base = SecureBytes.allocate(self.capacity, isInherited: isInherited)
    }

    deinit {
        sodium_free(base)
    }

    /// Appends one byte.
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends a copy of `bytes`.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        base.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends a copy of bytes that are not secret.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    /// Appends a copy of `bytes`.
    public mutating func append(_ bytes: borrowing SecureBytes) {
        bytes.withUnsafeBytes { source in append(source) }
    }

    /// Lets `body` write at most `atMost` bytes behind those there are and say how many it wrote, as `read(2)` does.
    public mutating func append<E>(
        atMost: Int,
        writingWith body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        reserve(atMost)
        let room = UnsafeMutableRawBufferPointer(start: base.advanced(by: count), count: atMost)
        let written = try body(room)
        precondition(written >= 0 && written <= atMost)
        count += written
        return written
    }

    /// Forgets the bytes from `newCount` on, and overwrites them.
    public mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        sodium_memzero(base.advanced(by: newCount), count - newCount)
        count = newCount
    }

    /// Lends the bytes there are, until `body` returns.
    public borrowing func withUnsafeBytes<R: ~Copyable, E>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The finished bytes, closed to access from now on. Nothing is copied.
    public consuming func finish() -> SecureBytes {
        let result = SecureBytes(adopting: base, count: count)
        discard self
        return result
    }

    private mutating func reserve(_ extra: Int) {
        guard count + extra > capacity else { return }
        let larger = max(capacity * 2, count + extra)
        let moved = SecureBytes.allocate(larger, isInherited: isInherited)
        moved.copyMemory(from: base, byteCount: count)
        sodium_free(base)
        base = moved
        capacity = larger
    }
}
