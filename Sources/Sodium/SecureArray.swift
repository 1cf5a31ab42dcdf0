internal import CSodium

/// Numbers that tell about secrets, for work that reads and writes them all the time: locked into memory, excluded from
/// core dumps, wiped when released.
///
/// Unlike ``SecureBytes`` it stays readable and writable all its life, since opening and closing its pages for each
/// access would cost two system calls. An index is checked in debug builds only: these are the inner loops.
public struct SecureArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // Safe to send and to share: `base` is owned by this value alone, and only mutating members write to it.
    @usableFromInline private(set) var base: UnsafeMutablePointer<Element>

    /// The number of elements.
    public private(set) var count: Int

    /// `count` elements of which all bits are zero, which must be a value of `Element`.
    public init(zeroed count: Int) {
        self.base = Self.allocate(count)
        self.count = count
    }

    deinit {
        sodium_free(base)
    }

    /// The element at `index`.
    @inlinable public subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return base[index]
        }
        set {
            assert(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    /// Appends elements of zero bits until there are `newCount`. The old memory is wiped.
    public mutating func grow(to newCount: Int) {
        precondition(newCount >= count)
        let larger = Self.allocate(newCount)
        larger.update(from: base, count: count)
        sodium_free(base)
        base = larger
        count = newCount
    }

    /// Lends the elements, for reading only, until `body` returns. The pointer must not leave `body`.
    @inlinable public borrowing func withUnsafeElements<R: ~Copyable, E>(
        _ body: (UnsafeBufferPointer<Element>) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// Lends the elements until `body` returns. The pointer must not leave `body`.
    @inlinable public mutating func withUnsafeMutableElements<R: ~Copyable, E>(
        _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeMutableBufferPointer(start: base, count: count))
    }

    // Aligned for `Element`: `sodium_malloc` lets the allocation end with a page, and the size is a multiple of it.
    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        let size = count * MemoryLayout<Element>.stride
        let base = SecureBytes.allocate(size)
        sodium_memzero(base, size)
        return base.bindMemory(to: Element.self, capacity: count)
    }
}
