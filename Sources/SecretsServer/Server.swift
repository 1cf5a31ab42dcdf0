internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import SecretsAPI
internal import ServiceLifecycle
internal import UnixSignals
internal import Vault

/// The hosted secrets API on loopback.
public struct Server: Sendable {
    /// Where to listen.
    public enum Address: Sendable, Equatable {
        /// A loopback host and a port, 0 for any free one.
        case loopback(host: String, port: Int)
        /// A Unix socket at this path.
        case socket(path: String)
        /// The descriptor of a socket that somebody else has bound, and its base URL. It is loopback, or its owner's alone.
        case inherited(descriptor: Int32, url: String)
    }

    private let secrets: Secrets
    private let authenticator: Authenticator
    private let admission: Admission
    private let connections: Connections
    private let limits: ServerLimits
    private let logger: Logger
    private let idleLimit: Duration?

    /// What locks the vault and unlocks it.
    public let lock: ServerLock

    /// A server for the vault of `secrets`, which it locks when no request has come for `idleLimit`.
    public init(
        _ secrets: Secrets, logger: Logger, idleLimit: Duration? = nil
    ) {
        self.init(secrets, logger: logger, idleLimit: idleLimit, limits: ServerLimits())
    }

    init(
        _ secrets: Secrets, logger: Logger, idleLimit: Duration? = nil,
        limits: ServerLimits
    ) {
        self.secrets = secrets
        self.limits = limits
        admission = Admission(limit: limits.values)
        connections = Connections(limits)
        self.logger = logger
        self.idleLimit = idleLimit
        authenticator = Authenticator(vault: secrets.vault, now: secrets.now)
        lock = ServerLock(
            vault: secrets.vault, authenticator: authenticator, idleLimit: idleLimit, logger: logger)
    }

    /// Serves until SIGINT or SIGTERM, then answers what has been asked and ends.
    ///
    /// `listening` is told the address once it accepts connections. Throws what binding the address throws.
    public func run(at address: Address, listening: @escaping @Sendable (Address) -> Void) async throws {
        var services = [service(at: address, listening: listening)]
        if let idleLimit { services.append(IdleLock(lock: lock, limit: idleLimit)) }
        try await ServiceGroup(
            services: services, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger
        ).run()
    }

    private func service(at address: Address, listening: @escaping @Sendable (Address) -> Void) -> any Service {
        let bindAddress: BindAddress
        switch address {
        case .loopback(let host, let port): bindAddress = .hostname(host, port: port)
        case .socket(let path): bindAddress = .unixDomainSocket(path: path)
        case .inherited(let descriptor, _):
            return InheritedListener(
                descriptor: descriptor, limits: limits, connections: connections, responder: responder(),
                logger: logger,
                listening: { listening(address) })
        }
        return Application(
            responder: responder(),
            server: HTTPServerBuilder { responder in
                GuardedChannel(limits, connections: connections, responder: responder)
            },
            configuration: .init(
                address: bindAddress, availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { channel in
                listening(address.resolved(port: channel.localAddress?.port))
            },
            logger: logger)
    }

    /// What answers requests, without a socket.
    func responder() -> RouterResponder<APIRequestContext> {
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: RequestLog(logger: logger))
        router.add(middleware: ProblemResponses(lock: lock))
        router.add(middleware: LoopbackGuard())
        router.serve("healthz", PublicRoutes.health)
        router.serve("openapi.json", PublicRoutes.openAPI)
        let secretRoutes = SecretRoutes(secrets: secrets, admission: admission)
        let guarded = router.group("api/v1")
        let requireToken = RequireToken(
            authenticator: authenticator, connections: connections, lock: lock, delay: limits.failureDelay)
        guarded.serve("secrets", secretRoutes.collection, behind: requireToken)
        guarded.serve("secrets/{id}", secretRoutes.item, behind: requireToken)
        guarded.serve("projects", ProjectRoutes(secrets: secrets).collection, behind: requireToken)
        return router.buildResponder()
    }
}

extension Server.Address {
    /// The address with the port that the kernel chose.
    fileprivate func resolved(port: Int?) -> Server.Address {
        guard case .loopback(let host, _) = self, let port else { return self }
        return .loopback(host: host, port: port)
    }
}

extension Server.Address: CustomStringConvertible {
    /// The base URL that a client is given.
    public var description: String {
        switch self {
        case .loopback(let host, let port): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .socket(let path): "unix:\(path)"
        case .inherited(_, let url): url
        }
    }
}
