internal import CPlatform
internal import Glibc
internal import Sodium

/// The terminal of the person in front of us, whose keys go to the child's own while we hold it in raw mode.
struct UserTerminal: ~Copyable {
    private let descriptor: Int32
    /// The controlling side of the child's terminal.
    private let control: Int32
    /// Whether keys are wanted as soon as we are in the foreground: standard input is the terminal.
    let isInput: Bool
    /// Whether keys are relayed, and the terminal is raw.
    private(set) var isHeld = false
    private var hasGivenModes = false
    /// What was read and not yet written; it may be a password.
    private var keys = SecureBuffer(capacity: 4096)
    private var writtenCount = 0
    private var hasEnded = false

    init(control: Int32) {
        self.control = control
        isInput = isatty(STDIN_FILENO) == 1
        // Where input comes from elsewhere, the child may still ask the person for something, as ssh and sudo do.
        let terminal = isInput ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        descriptor = terminal >= 0 ? terminal : STDOUT_FILENO
        copyWindowSize()
        if isForeground { giveModes() }
    }

    /// Whether we may read keys: our process group is the terminal's foreground, or the terminal controls nobody.
    var isForeground: Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }

    /// Makes the terminal raw, or raw again.
    mutating func take() {
        if !hasGivenModes { giveModes() }
        coffer_make_raw(descriptor)
        isHeld = true
        copyWindowSize()
    }

    /// Leaves the terminal as it was.
    mutating func release() {
        coffer_restore_modes()
        isHeld = false
    }

    /// Gives the child's terminal the size of this one; the kernel tells its foreground.
    func copyWindowSize() {
        coffer_copy_window_size(descriptor, control)
    }

    /// Gives the child's terminal the modes of this one, once. In the background they may be a shell's for its own line.
    private mutating func giveModes() {
        coffer_copy_modes(descriptor, control)
        hasGivenModes = true
    }

    /// The descriptor to wait for keys on; -1 while there is no room for more, or none are wanted.
    var source: Int32 { isHeld && keys.count == 0 && !hasEnded ? descriptor : -1 }

    /// The descriptor to wait for room on; -1 while nothing is waiting to be written.
    var sink: Int32 { keys.count > 0 ? control : -1 }

    /// Reads keys that are there.
    mutating func read() {
        var error: Int32 = 0
        let count = keys.append(atMost: 4096) { room in
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count < 0 { error = errno }
            return max(count, 0)
        }
        if count > 0 { return write() }
        // Else it has been hung up.
        hasEnded = error != EAGAIN && error != EINTR
    }

    /// Writes what the child's terminal has room for.
    mutating func write() {
        let count = keys.withUnsafeBytes { keys in
            Glibc.write(control, keys.baseAddress! + writtenCount, keys.count - writtenCount)
        }
        writtenCount += max(count, 0)
        // A terminal that is gone takes nothing more.
        guard writtenCount == keys.count || count < 0 && errno != EAGAIN && errno != EINTR else { return }
        keys.truncate(to: 0)
        writtenCount = 0
    }
}
