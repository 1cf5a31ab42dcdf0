internal import ArgumentParser
internal import Commands
internal import Glibc
internal import Logging
internal import SecretsAPI
internal import SecretsServer
internal import Sodium
internal import Vault

/// The server that is part of this program.
struct LinkedServer: ServerProgram {
    func serve(_ command: Serve) async throws {
        guard Loopback.isLoopback(command.host) else {
            throw ValidationError("--host is not loopback: Coffer serves this machine alone")
        }
        // At first, before there is a child that could inherit it.
        let inherited = try SocketActivation.take()
        if inherited != nil, command.socket != nil {
            throw Failure(
                .usage, "--socket and socket activation exclude each other",
                hint: "leave out --socket: see 'coffer service show'"
            )
        }
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        if command.locked {
            return try await command.options.withLockedSecrets { try await serve(command, $0, on: inherited) }
        }
        try await command.options.withSecrets(checkingSums: true) { secrets in
            try? await secrets.vault.pruneTokens(by: secrets.owner, now: Clock.now())
            try await serve(command, secrets, on: inherited)
        }
    }

    private func serve(_ command: Serve, _ secrets: Secrets, on inherited: InheritedSocket?) async throws {
        let server = Server(
            secrets, logger: Logger(label: "coffer"),
            idleLimit: command.idle.map { .seconds($0.seconds) })
        let address: Server.Address =
            inherited.map { .inherited(descriptor: $0.descriptor, url: $0.url) }
            ?? command.socket.map { .socket(path: $0) }
            ?? .loopback(host: command.host, port: command.port)
        if let socket = command.socket, UnixSocket.isServed(socket) {
            throw Failure(
                .inputOutput, "cannot listen there: another server does",
                hint: "end it, or name another path with --socket")
        }
        let control = ControlServer(for: secrets.vault.id, handler: LockHandler(secrets: secrets, lock: server.lock))
        if control == nil {
            guard !command.locked, command.idle == nil else {
                throw Failure(
                    .inputOutput, "there is no place for a control socket, so nobody could unlock it",
                    hint: "set HOME or XDG_RUNTIME_DIR to a folder that you can write")
            }
            Terminal.say("warning: there is no place for a control socket, so it can be neither locked nor unlocked")
        }
        defer { control?.end() }
        // Whoever unlocks it later is told then.
        let slots = command.locked ? [] : (try? await secrets.vault.slots()) ?? []
        do {
            try await server.run(at: address) { address in
                VaultWarnings.warnOfWeakness(of: slots)
                Output.write(Array("listening on \(address)\n".utf8), to: STDOUT_FILENO)
            }
        } catch {
            throw Failure(
                .inputOutput, "cannot listen there",
                hint: "another program may: --port 0 takes a free port, --socket a path of yours")
        }
    }

    func createToken(_ command: TokenCreate) async throws {
        try await command.options.withSecrets { secrets in
            var ids: [Identifier] = []
            for project in command.projects { ids.append(try await ProjectReference.resolve(project, in: secrets).id) }
            let now = Clock.now()
            let isTaken = try await secrets.vault.tokens().contains {
                $0.details.name == command.name && $0.details.isGood(at: now)
            }
            guard !isTaken else {
                throw Failure(
                    .exists, "a token of this name exists already",
                    hint: "'coffer token revoke NAME' ends it; another name adds another token")
            }
            let details = TokenDetails(
                kind: command.apiKey ? .apiKey : .jwt, access: command.readOnly ? .read : .readWrite,
                name: command.name, projects: ids, createdAt: now, expiresAt: now + command.expires.seconds)
            try Output.line(await TokenIssuer(vault: secrets.vault, owner: secrets.owner).issue(details))
        }
    }
}

/// Carries out what comes over the control socket.
private struct LockHandler: ControlHandler {
    let secrets: Secrets
    let lock: ServerLock

    func lock() async -> ControlMessage.Answer {
        await lock.lock() ? .done : .unchanged
    }

    func unlock(with rootKey: borrowing SecretKey) async -> ControlMessage.Answer {
        do {
            guard try await lock.unlock(with: rootKey) else { return .unchanged }
            // As at the start of a server that is not locked.
            try? await secrets.vault.pruneTokens(by: secrets.owner, now: secrets.now())
            return .done
        } catch {
            return .refused
        }
    }

    func isLocked() async -> Bool { await lock.isLocked() }
}
