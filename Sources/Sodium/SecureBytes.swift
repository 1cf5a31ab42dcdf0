internal import CSodium
internal import Glibc
internal import Synchronization

/// Secret bytes: locked into memory, unreadable when idle, wiped when released.
///
/// The bytes stand in pages of their own between two guard pages (`sodium_malloc`), excluded from core dumps. Outside
/// ``withUnsafeBytes(_:)`` the pages cannot be read or written at all, so a stray pointer elsewhere in the program
/// faults instead of leaking. Each takes about 16 KiB of address space and a process has room for some 16,000: hold few,
/// and not for long. Pages of those up to 4 KiB are wiped and used again (``SecurePage``).
///
/// Running out of memory ends the program: no caller could do better, and nothing acknowledged is lost by it.
public struct SecureBytes: ~Copyable, @unchecked Sendable {
    // Safe to send: `base` is owned by this value alone, written only in the initializer, and the page protection,
    // the one thing several readers share, is guarded by `readers`.
    private let base: UnsafeMutableRawPointer
    /// What `base` lies in, if it is no allocation of its own.
    private let page: SecurePage?
    private let readers = Mutex(0)

    /// The number of secret bytes.
    public private(set) var count: Int

    /// Allocates `count` zero or more bytes and lets `body` write them, all of them, once.
    ///
    /// Rethrows what `body` throws, after wiping.
    public init<E>(
        count: Int,
        writingWith body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard count <= SecurePage.capacity else {
            let base = Self.allocate(count)
            do throws(E) {
                try body(UnsafeMutableRawBufferPointer(start: base, count: count))
            } catch {
                sodium_free(base)
                throw error
            }
            self.init(adopting: base, count: count)
            return
        }
        // Wiped with the page where `body` throws.
        let page = SecurePage()
        let base = page.room(for: count)
        try body(UnsafeMutableRawBufferPointer(start: base, count: count))
        self.init(base: base, page: page, count: count)
    }

    /// A copy of bytes that were not secret until now, or that only exist outside because a library put them there.
    public init(copying bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { buffer in
            buffer.copyBytes(from: bytes)
        }
    }

    /// The same of bytes that stand side by side, without asking the runtime what kind of collection they are.
    public init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// Takes over memory from ``allocate(_:)``, readable and writable until now.
    init(adopting base: UnsafeMutableRawPointer, count: Int) {
        self.init(base: base, page: nil, count: count)
    }

    private init(base: UnsafeMutableRawPointer, page: consuming SecurePage?, count: Int) {
        self.base = base
        self.page = page
        self.count = count
        sodium_mprotect_noaccess(base)
    }

    deinit {
        // Overwrites the bytes, checks the canary before them, and unlocks the pages.
        if page == nil { sodium_free(base) }
    }

    /// Lends the bytes, for reading only, until `body` returns. The pointer must not leave `body`.
    public borrowing func withUnsafeBytes<R: ~Copyable, E>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        beginReading()
        defer { endReading() }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Makes the bytes readable until ``endReading()``, for work that reads them many times over.
    ///
    /// Changing the protection of a page costs a system call and, with several threads, an interrupt to each core.
    public borrowing func beginReading() {
        readers.withLock { count in
            if count == 0 { sodium_mprotect_readonly(base) }
            count += 1
        }
    }

    /// Ends what ``beginReading()`` began.
    public borrowing func endReading() {
        readers.withLock { count in
            precondition(count > 0)
            count -= 1
            if count == 0 { sodium_mprotect_noaccess(base) }
        }
    }

    /// A second copy, equally protected.
    public borrowing func copy() -> SecureBytes {
        withUnsafeBytes { source in
            SecureBytes(count: source.count) { $0.copyMemory(from: source) }
        }
    }

    /// Whether both hold the same bytes, in a time that depends on their lengths alone.
    public borrowing func isEqual(to other: borrowing SecureBytes) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                count == 0 || sodium_memcmp(left.baseAddress!, right.baseAddress!, count) == 0
            }
        }
    }

    /// Forgets the bytes from `newCount` on; they stay in the protected pages until those are wiped.
    mutating func truncate(to newCount: Int) {
        precondition(newCount >= 0 && newCount <= count)
        count = newCount
    }

    /// Readable and writable protected memory, to be given to ``init(adopting:count:)``.
    ///
    /// A process that is forked off finds zeros there, unless `isInherited`: its copy would be neither locked nor wiped.
    static func allocate(_ count: Int, isInherited: Bool = false) -> UnsafeMutableRawPointer {
        Library.start()
        // One byte at least, so that an empty secret has an address too.
        let size = max(count, 1)
        guard let base = sodium_malloc(size) else {
            fatalError("out of protected memory")
        }
        if !isInherited {
            // Whole pages, of which nobody else has a part.
            let start = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: base) & ~UInt(getpagesize() - 1))!
            madvise(start, base - start + size, MADV_WIPEONFORK)
        }
        // `sodium_malloc` has locked the pages but swallows a refusal; locking them again tells.
        if sodium_mlock(base, size) != 0 { Library.noteFailedMemoryLock() }
        return base
    }
}
