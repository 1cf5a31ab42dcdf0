internal import Logging
internal import ServiceLifecycle
public import Sodium
internal import Synchronization
public import Vault

/// Locks the vault of a running server, and unlocks it again.
///
/// While it is locked the server has no key of the vault in its memory, and answers 423.
public final class ServerLock: Sendable {
    private let vault: Vault
    private let authenticator: Authenticator
    private let logger: Logger
    /// How long no request with a good token may come until the vault is locked; nil for ever.
    private let idleLimit: Duration?
    /// The clock's reading when a request with a good token came last.
    private let lastUse = Mutex(ContinuousClock.now)

    init(vault: Vault, authenticator: Authenticator, idleLimit: Duration?, logger: Logger) {
        self.vault = vault
        self.authenticator = authenticator
        self.idleLimit = idleLimit
        self.logger = logger
    }

    /// Takes note of a request with a good token.
    func noteUse() {
        lastUse.withLock { $0 = .now }
    }

    /// Forgets all keys. What is being answered may still be refused. Returns false where there were none.
    @discardableResult
    public func lock() async -> Bool {
        let wasUnlocked = await vault.lock()
        authenticator.forgetKeys()
        if wasUnlocked { logger.info("locked") }
        return wasUnlocked
    }

    /// Forgets keys that do not open the vault any more, because it has others now. Returns whether it is locked.
    public func isLocked() async -> Bool {
        guard await vault.isLocked() else { return false }
        authenticator.forgetKeys()
        return true
    }

    /// Locks the vault where it was not used for too long: a machine that wakes from sleep may not have got round to it.
    func lockIfIdle() async {
        if let idleLimit, idle >= idleLimit { await lock() }
    }

    /// Unlocks with the vault's root key, once all rows are seen to be as they should be, as when the server was started.
    ///
    /// Returns false where the vault was unlocked already. Throws ``VaultError``; the vault then stays locked.
    public func unlock(with rootKey: borrowing SecretKey) async throws(VaultError) -> Bool {
        guard await isLocked() else { return false }
        noteUse()
        do throws(VaultError) { try await vault.unlockChecked(with: rootKey) } catch {
            logger.warning("not unlocked")
            throw error
        }
        noteUse()
        logger.info("unlocked")
        return true
    }

    /// How long no request with a good token has come.
    fileprivate var idle: Duration { lastUse.withLock { ContinuousClock.now - $0 } }
}

/// Locks the vault once nobody with a good token has asked for anything in a while.
struct IdleLock: Service {
    let lock: ServerLock
    let limit: Duration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let idle = lock.idle
                if idle >= limit { await lock.lock() }
                // Where it is locked, until it would be time again if it were unlocked now.
                try? await Task.sleep(for: idle >= limit ? limit : limit - idle)
            }
        }
    }
}
