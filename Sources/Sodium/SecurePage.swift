internal import CSodium
internal import Glibc
internal import Synchronization

/// A page of protected memory for one secret, kept for the next when that is wiped.
///
/// Making one takes ten system calls, each of which stops all other threads that want memory; taking one from those that
/// are kept takes none. What is kept holds zeros and is as it was made: locked, out of core dumps, between guard pages.
struct SecurePage: ~Copyable, @unchecked Sendable {
    // Safe to send: whoever has this value has the page to itself.
    private let start: UnsafeMutableRawPointer

    /// The bytes a page holds: all of it but for libsodium's own.
    static let capacity = Int(getpagesize()) - canaryByteCount
    private static let canaryByteCount = 16

    /// The most pages that are kept: 256 KiB with the usual page size.
    private static let mostKept = 64
    private static let kept = Mutex<[Address]>([])

    private struct Address: @unchecked Sendable {
        // Safe to send: the list hands each out once.
        let start: UnsafeMutableRawPointer
    }

    /// A page of zeros, readable and writable.
    init() {
        if let address = Self.kept.withLock({ $0.popLast() }) {
            start = address.start
        } else {
            start = SecureBytes.allocate(Self.capacity)
            sodium_memzero(start, Self.capacity)
        }
    }

    deinit {
        sodium_mprotect_readwrite(start)
        sodium_memzero(start, Self.capacity)
        let address = Address(start: start)
        let isKept = Self.kept.withLock { kept in
            guard kept.count < Self.mostKept else { return false }
            kept.append(address)
            return true
        }
        if !isKept { sodium_free(start) }
    }

    /// The last `count` bytes of the page, so that a guard page comes right behind them.
    borrowing func room(for count: Int) -> UnsafeMutableRawPointer {
        start + (Self.capacity - count)
    }
}
