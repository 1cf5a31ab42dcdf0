internal import Glibc
internal import Sodium
internal import Vault

/// The servers of this user that have a vault open, as far as their control sockets tell.
struct RunningServers {
    private let folder: Int32
    private let names: [String]

    /// How long a server may take to answer, in seconds: before it is unlocked, it looks at every row.
    private static let patience = 600

    /// Those that have `vault` open; nil for any. The descriptor of their folder stays open until the program ends.
    init(of vault: Identifier?) {
        folder = RuntimeFolder.path.map { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } ?? -1
        let prefix = vault.map { "\($0)." } ?? ""
        names = Self.names(in: folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".server") }
    }

    /// Whether there is one.
    var isAny: Bool { names.contains { connection(to: $0) != nil } }

    /// Has each of them lock its vault. Returns what those answer that are still there.
    func lock() -> [ControlMessage.Answer] {
        tell(.lock) { _ in }
    }

    /// Has each of them unlock its vault with `rootKey`. Returns what those answer that are still there.
    func unlock(with rootKey: borrowing SecretKey) -> [ControlMessage.Answer] {
        rootKey.withUnsafeBytes { key in tell(.unlock) { $0.append(key) } }
    }

    private func tell(
        _ order: ControlMessage.Order, _ appendKey: (inout SecureBuffer) -> Void
    ) -> [ControlMessage.Answer] {
        var message = SecureBuffer(capacity: ControlMessage.longest)
        message.append(order.rawValue)
        appendKey(&message)
        return message.withUnsafeBytes { message in names.compactMap { answer(of: $0, to: message) } }
    }

    private func answer(of name: String, to message: UnsafeRawBufferPointer) -> ControlMessage.Answer? {
        guard let server = connection(to: name), server.send(message) else { return nil }
        return server.receive().withUnsafeBytes { $0.first.flatMap(ControlMessage.Answer.init) }
    }

    private func connection(to name: String) -> ControlSocket? {
        guard let server = ControlSocket() else { return nil }
        guard ControlSocket.withAddress(name, in: folder, { connect(server.descriptor, $0, $1) }) == 0 else {
            // A server that was killed; one of that number would have made the socket anew.
            if errno == ECONNREFUSED { unlinkat(folder, name, 0) }
            return nil
        }
        // Before anything is said: whoever else could put a socket there must not be told the key.
        guard server.peerIsThisUser else { return nil }
        server.limitWaiting(to: Self.patience)
        return server
    }

    private static func names(in folder: Int32) -> [String] {
        // A descriptor of its own, because closedir(3) closes it.
        guard folder >= 0, let listing = fdopendir(dup(folder)) else { return [] }
        defer { closedir(listing) }
        rewinddir(listing)
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.sorted()
    }
}
