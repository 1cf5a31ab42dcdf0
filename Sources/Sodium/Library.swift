internal import CSodium
internal import Synchronization

/// libsodium's one-time start, and what it could not do on this machine.
public enum Library {
    /// Whether libsodium started; it picks its implementations and opens its source of randomness once per process.
    private static let started: Bool = sodium_init() >= 0

    private static let unlockedAllocations = Atomic<Int>(0)

    /// Starts libsodium if it has not been started.
    ///
    /// A program that cannot have randomness must not go on, so a failure here ends it.
    static func start() {
        precondition(started, "libsodium could not start: no source of randomness")
    }

    /// Whether the kernel refused, at least once, to keep secret memory out of swap (`mlock` failed).
    ///
    /// `sodium_malloc` ignores that failure; Coffer works on, but the program says so to the person in front of it.
    public static var memoryLockFailed: Bool { unlockedAllocations.load(ordering: .relaxed) > 0 }

    static func noteFailedMemoryLock() {
        unlockedAllocations.add(1, ordering: .relaxed)
    }
}
