internal import Glibc

/// The socket that a service manager has opened for this process, by the protocol of sd_listen_fds(3).
package enum SocketActivation {
    /// The first descriptor that is passed.
    private static let first: Int32 = 3

    /// The socket, if there is one; what told of it leaves the environment, so that no child takes it for its own.
    ///
    /// Throws ``Failure`` where more than one was passed, or one that is not loopback's.
    package static func take() throws(Failure) -> InheritedSocket? {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        // Meant for another process that this one descends from: for a shell in a service, say.
        guard let process = number("LISTEN_PID"), process == Int(getpid()) else { return nil }
        guard let count = number("LISTEN_FDS"), count > 0 else { return nil }
        guard count == 1 else {
            throw Failure(
                .badInput, "socket activation has passed \(count) sockets, and one is served",
                hint: "a unit of its own for each: see 'coffer service show'")
        }
        do { return try InheritedSocket(descriptor: first) } catch {
            switch error {
            case .notListening:
                throw Failure(
                    .badInput, "socket activation has passed something else than a socket that listens",
                    hint: "ListenStream= in the socket unit, and Accept=no: see 'coffer service show'")
            case .notLoopback:
                throw Failure(
                    .badInput, "socket activation has passed a socket that is not loopback",
                    hint: "ListenStream=127.0.0.1:8080 in the socket unit: Coffer serves this machine alone")
            case .notPrivate:
                throw Failure(
                    .badInput, "socket activation has passed a Unix socket that others may open",
                    hint: "SocketMode=0600 in the socket unit, and a path rather than an abstract name")
            }
        }
    }

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }
}
