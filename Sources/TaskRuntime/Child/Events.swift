internal import Glibc

/// What poll(2) waits for, in numbered places.
struct Events: ~Copyable {
    private var descriptors = [pollfd](repeating: pollfd(fd: -1, events: 0, revents: 0), count: 6)

    /// The descriptor to wait for something to read on; -1 for none.
    subscript(place: Int) -> Int32 {
        get { descriptors[place].fd }
        set { descriptors[place] = pollfd(fd: newValue, events: Int16(POLLIN), revents: 0) }
    }

    /// The descriptor to wait for room to write on; -1 for none.
    subscript(room place: Int) -> Int32 {
        get { descriptors[place].fd }
        set { descriptors[place] = pollfd(fd: newValue, events: Int16(POLLOUT), revents: 0) }
    }

    /// Waits for the first, at most until `deadline`.
    mutating func wait(until deadline: Milliseconds) {
        let timeout = deadline == .max ? -1 : Int32(clamping: max(deadline - now(), 0))
        // On an error, which is a signal, nothing has fired.
        if poll(&descriptors, nfds_t(descriptors.count), timeout) < 0 {
            for place in descriptors.indices { descriptors[place].revents = 0 }
        }
    }

    /// Whether the descriptor is readable, has room, or has ended.
    func hasFired(_ place: Int) -> Bool {
        descriptors[place].revents != 0
    }
}

/// A moment on the monotonic clock, or a span of it.
typealias Milliseconds = Int

/// This moment.
func now() -> Milliseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}
