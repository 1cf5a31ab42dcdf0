internal import Glibc
internal import Sodium
internal import Vault

/// The servers of this user that have a vault open, as far as their control sockets tell.
struct RunningServers {
    private let folder: Int32
    private let names: [String]

    /// How long a server may take to lock itself, and to unlock itself, for which it looks at every row; in seconds.
    private static let (lockPatience, unlockPatience) = (10, 600)

    /// What servers said to an order.
    struct Outcome {
        /// Their answers.
        var answers: [ControlMessage.Answer] = []
        /// The processes that are there, and did not answer.
        var silent: [String] = []
    }

    /// Those that have `vault` open; nil for any. The descriptor of their folder stays open until the program ends.
    init(of vault: Identifier?) {
        folder = RuntimeFolder.path.map { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } ?? -1
        let prefix = vault.map { "\($0)." } ?? ""
        names = Machine().names(in: "/proc/self/fd/\(folder)").filter {
            $0.hasPrefix(prefix) && $0.hasSuffix(".server")
        }
    }

    /// Whether there is one.
    var isAny: Bool { names.contains { connection(to: $0, patience: Self.lockPatience) != nil } }

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
        var waiting: [(name: String, descriptor: Int32)] = []
        for name in names {
            guard let server = connection(to: name, patience: patience) else { continue }
            if message.withUnsafeBytes({ server.send($0) }) {
                waiting.append((name, server.release()))
            } else {
                outcome.silent.append(Self.process(of: name))
            }
        }
        for (name, descriptor) in waiting {
            let answer = ControlSocket(adopting: descriptor).receive().withUnsafeBytes { $0.first }
            if let answer = answer.flatMap(ControlMessage.Answer.init) {
                outcome.answers.append(answer)
            } else {
                outcome.silent.append(Self.process(of: name))
            }
        }
        return outcome
    }

    private func connection(to name: String, patience: Int) -> ControlSocket? {
        guard let server = ControlSocket() else { return nil }
        // Before connecting, which waits too where a server takes nobody.
        server.limitWaiting(to: patience)
        guard ControlSocket.withAddress(name, in: folder, { connect(server.descriptor, $0, $1) }) == 0 else {
            // A server that was killed; one of that number would have made the socket anew.
            if errno == ECONNREFUSED { unlinkat(folder, name, 0) }
            return nil
        }
        // Before anything is said: whoever else could put a socket there must not be told the key.
        guard server.peerIsThisUser else { return nil }
        return server
    }

    /// The number of the process in `VAULT-ID.PID.server`.
    private static func process(of name: String) -> String {
        String(name.split(separator: ".").dropFirst().first ?? "")
    }
}
