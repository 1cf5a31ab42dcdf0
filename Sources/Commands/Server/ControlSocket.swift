internal import CPlatform
internal import Glibc
internal import Sodium

/// What a running server is told over its control socket, and answers: a message each way, on a Unix socket of type
/// `SOCK_SEQPACKET`, which keeps them whole. Both ends see to it that the other is the same user (`SO_PEERCRED`).
package enum ControlMessage {
    /// What the server is told. A root key of 32 bytes follows `unlock`.
    package enum Order: UInt8, Sendable {
        case lock = 1
        case unlock = 2
        /// Is it locked? That is no use of it.
        case state = 3
    }

    /// What it answers.
    package enum Answer: UInt8, Sendable {
        /// It was done.
        case done = 1
        /// There was nothing to do.
        case unchanged = 2
        /// The vault did not open with that key, or is damaged.
        case refused = 3
        /// It is locked.
        case locked = 4
        /// It is unlocked.
        case unlocked = 5
    }

    /// The size of the longest message in bytes.
    static let longest = 1 + SecretKey.byteCount
}

/// A control socket's descriptor, closed with this value.
package struct ControlSocket: ~Copyable, Sendable {
    let descriptor: Int32

    init?() {
        descriptor = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { return nil }
    }

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The descriptor, for another value to adopt.
    consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    /// Whether the other end belongs to this user.
    var peerIsThisUser: Bool { coffer_peer_is_this_user(descriptor) != 0 }

    /// Gives up reading and writing after so many seconds.
    func limitWaiting(to seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    /// Sends one message. Returns whether it went.
    func send(_ message: UnsafeRawBufferPointer) -> Bool {
        Glibc.send(descriptor, message.baseAddress, message.count, Int32(MSG_NOSIGNAL)) == message.count
    }

    /// Receives one message, of at most ``ControlMessage/longest`` bytes; empty where there was none, or is none yet and it
    /// is not waited for.
    func receive(waiting: Bool = true) -> SecureBytes {
        var buffer = SecureBuffer(capacity: ControlMessage.longest)
        let flags = waiting ? 0 : Int32(MSG_DONTWAIT)
        _ = buffer.append(atMost: ControlMessage.longest) { room in
            max(recv(descriptor, room.baseAddress, room.count, flags), 0)
        }
        return buffer.finish()
    }

    /// Gives `body` the address of the socket `name` in the folder open as `folder`: by way of the descriptor, because an
    /// address holds 107 bytes, and paths are longer. Returns what `body` does.
    static func withAddress(
        _ name: String, in folder: Int32, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = "/proc/self/fd/\(folder)/\(name)"
        // The last byte stays zero.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.dropLast().copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
