internal import Glibc
internal import Sodium
internal import Vault

/// The servers of this user that have a vault open, as far as their control sockets tell.
struct RunningServers {
    /// A server's socket: the descriptor of its folder, which stays open until the program ends, and its name there.
    private struct Place {
        let folder: Int32
        let name: String

        /// The number of the process in `VAULT-ID.PID.server`.
        var process: String { String(name.split(separator: ".").dropFirst().first ?? "") }
    }

    private let places: [Place]

    /// How long a server may take to lock itself, to unlock itself, for which it looks at every row, and to tell which it is;
    /// in seconds.
    private static let (lockPatience, unlockPatience, statePatience) = (10, 600, 2)

    /// What servers said to an order.
    struct Outcome {
        /// Each process that is there, and its answer; nil where it did not give one.
        var servers: [(process: String, answer: ControlMessage.Answer?)] = []

        var answers: [ControlMessage.Answer] { servers.compactMap(\.answer) }
        /// The processes that did not answer.
        var silent: [String] { servers.filter { $0.answer == nil }.map(\.process) }
        /// How many did what they were told.
        var done: Int { answers.count { $0 == .done } }
        /// The same in words.
        var words: String { done == 1 ? "1 server" : "\(done) servers" }
    }

    /// Those that have `vault` open; nil for any.
    init(of vault: Identifier?) {
        let prefix = vault.map { "\($0)." } ?? ""
        var seen: [FileIdentity] = []
        places = RuntimeFolder.all.sorted().flatMap { path -> [Place] in
            let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // One folder may have several names.
            guard let identity = FileIdentity(of: folder), !seen.contains(identity) else { return [] }
            seen.append(identity)
            return Machine().names(in: "/proc/self/fd/\(folder)")
                .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".server") }
                .map { Place(folder: folder, name: $0) }
        }
    }

    /// Whether there is one, though it may not answer.
    var isAny: Bool {
        places.contains { place in
            if case .none = connection(to: place, patience: Self.lockPatience) { false } else { true }
        }
    }

    /// Has each of them tell whether its vault is locked.
    func states() -> Outcome {
        tell(.state, patience: Self.statePatience) { _ in }
    }

    /// Has each of them lock its vault.
    func lock() -> Outcome {
        tell(.lock, patience: Self.lockPatience) { _ in }
    }

    /// Has each of them unlock its vault with `rootKey`.
    func unlock(with rootKey: borrowing SecretKey) -> Outcome {
        rootKey.withUnsafeBytes { key in tell(.unlock, patience: Self.unlockPatience) { $0.append(key) } }
    }

    private func tell(
        _ order: ControlMessage.Order, patience: Int, _ appendKey: (inout SecureBuffer) -> Void
    ) -> Outcome {
        var message = SecureBuffer(capacity: ControlMessage.longest)
        message.append(order.rawValue)
        appendKey(&message)
        var outcome = Outcome()
        // All of them before any of them answers: one that hangs holds up no other.
        var waiting: [(place: Place, descriptor: Int32)] = []
        for place in places {
            switch connection(to: place, patience: patience) {
            case .none: continue
            case .silent: outcome.servers.append((place.process, nil))
            case .made(let server):
                if message.withUnsafeBytes({ server.send($0) }) {
                    waiting.append((place, server.release()))
                } else {
                    outcome.servers.append((place.process, nil))
                }
            }
        }
        for (place, descriptor) in waiting {
            let answer = ControlSocket(adopting: descriptor).receive().withUnsafeBytes { $0.first }
            outcome.servers.append((place.process, answer.flatMap(ControlMessage.Answer.init)))
        }
        return outcome
    }

    /// What there is at the place of a control socket.
    private enum Connection: ~Copyable {
        /// No server of this user.
        case none
        /// One that takes nobody.
        case silent
        case made(ControlSocket)
    }

    private func connection(to place: Place, patience: Int) -> Connection {
        guard let server = ControlSocket() else { return .silent }
        // Before connecting, which waits too where as many wait already as the server lets.
        server.limitWaiting(to: patience)
        guard ControlSocket.withAddress(place.name, in: place.folder, { connect(server.descriptor, $0, $1) }) == 0
        else {
            switch errno {
            case ECONNREFUSED:
                // A server that was killed; one of that number would have made the socket anew.
                unlinkat(place.folder, place.name, 0)
                return .none
            case ENOENT: return .none
            default: return .silent
            }
        }
        // Before anything is said: whoever else could put a socket there must not be told the key.
        return server.peerIsThisUser ? .made(server) : .none
    }
}
