internal import Dispatch
internal import Glibc
package import Sodium
package import Vault

/// What carries out the orders that come over a control socket.
package protocol ControlHandler: Sendable {
    /// Locks the vault.
    func lock() async -> ControlMessage.Answer
    /// Unlocks the vault with its root key.
    func unlock(with rootKey: borrowing SecretKey) async -> ControlMessage.Answer
    /// Whether the vault is locked.
    func isLocked() async -> Bool
}

/// The control socket of a running server: `coffer lock --server` and `unlock --server` come in there.
///
/// Keys are read into protected memory, which a framework's buffers are not. No thread waits for a client, so that one that
/// says nothing holds up no other.
package final class ControlServer: Sendable {
    private let folder: Int32
    private let name: String
    // Safe: after it was made it is only cancelled, once.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    /// How long the other end may take to say what it wants, in seconds.
    private static let patience = 5
    /// How many may take that long at once: the server needs its descriptors for other things.
    private static let mostWaiting = 16

    /// Who has not said what they want; for the queue alone.
    private final class Waiting {
        var count = 0
    }

    /// Listens for orders about `vault`, and has `handler` carry them out; nil where there is no place for a socket.
    package init?(for vault: Identifier, handler: any ControlHandler) {
        guard let path = RuntimeFolder.path, (try? PrivateFolder.make(path)) != nil else { return nil }
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        name = "\(vault).\(getpid()).server"
        // Under its name only when it listens: one that does not is taken for that of a killed server, and removed. What is
        // there was left by a server that had our number.
        let draft = name + ".new"
        unlinkat(folder, draft, 0)
        guard let listening = ControlSocket(),
            ControlSocket.withAddress(draft, in: folder, { bind(listening.descriptor, $0, $1) }) == 0,
            listen(listening.descriptor, 8) == 0, renameat(folder, draft, folder, name) == 0
        else {
            unlinkat(folder, draft, 0)
            close(folder)
            return nil
        }
        let descriptor = listening.release()
        let queue = DispatchQueue(label: "control")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        let waiting = Waiting()
        source.setEventHandler {
            let accepted = accept(descriptor, nil, nil)
            _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
            if accepted >= 0 { Self.attend(to: ControlSocket(adopting: accepted), waiting, on: queue, handler) }
        }
        source.setCancelHandler { close(descriptor) }
        source.activate()
    }

    /// Stops listening, and removes the socket.
    package func end() {
        source.cancel()
        unlinkat(folder, name, 0)
        close(folder)
    }

    /// Has the order carried out when it comes, and takes leave of who has said nothing for too long.
    private static func attend(
        to client: consuming ControlSocket, _ waiting: Waiting, on queue: DispatchQueue, _ handler: any ControlHandler
    ) {
        guard client.peerIsThisUser, waiting.count < mostWaiting else { return }
        waiting.count += 1
        client.limitWaiting(to: patience)
        let descriptor = client.release()
        let order = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        order.setEventHandler { order.cancel() }
        order.setCancelHandler {
            waiting.count -= 1
            carryOut(ControlSocket(adopting: descriptor), handler)
        }
        order.activate()
        queue.asyncAfter(deadline: .now() + .seconds(patience), execute: DispatchWorkItem { order.cancel() })
    }

    /// Has the order carried out that is there to be read, if there is one.
    private static func carryOut(_ client: consuming ControlSocket, _ handler: any ControlHandler) {
        let message = SharedSecureBytes(client.receive(waiting: false))
        let order = message.bytes.withUnsafeBytes { $0.first.flatMap(ControlMessage.Order.init) }
        let descriptor = client.release()
        Task {
            let client = ControlSocket(adopting: descriptor)
            let answer: ControlMessage.Answer
            switch order {
            case .lock where message.bytes.count == 1:
                answer = await handler.lock()
            case .unlock:
                guard let key = message.bytes.withUnsafeBytes({ SecretKey(SecureBytes(copying: $0.dropFirst())) })
                else { return }
                answer = await handler.unlock(with: key)
            case .state where message.bytes.count == 1:
                answer = await handler.isLocked() ? .locked : .unlocked
            default:
                return
            }
            withUnsafeBytes(of: answer.rawValue) { _ = client.send($0) }
        }
    }
}
