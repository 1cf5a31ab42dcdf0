internal import Synchronization
internal import Vault

/// Has the vault note in which hour each token was last used, beside the requests that use them.
///
/// No request waits for it or fails with it. What the vault has noted is not noted again, so a token costs one write an
/// hour; where that fails, because the disk is full or another process is writing, it is tried again after a while.
final class TokenUses: Sendable {
    private let vault: Vault
    /// When each token that is being noted, or was in vain, may be noted again.
    private let pauses = Mutex<[Identifier: Int64]>([:])

    /// How long after a failure the next use is noted, in seconds.
    private static let pause: Int64 = 60

    init(vault: Vault) {
        self.vault = vault
    }

    /// Takes note that `token` was used at `now`, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// Returns what goes on beside the request, if anything: whether the vault has noted it.
    @discardableResult
    func note(_ token: Token, at now: Int64) -> Task<Bool, Never>? {
        guard token.details.isUseNew(at: now), begin(token.id, at: now) else { return nil }
        return Task {
            // Else the pause stands.
            guard (try? await vault.noteUse(of: token.id, at: now)) != nil else { return false }
            pauses.withLock { $0[token.id] = nil }
            return true
        }
    }

    private func begin(_ token: Identifier, at now: Int64) -> Bool {
        pauses.withLock { pauses in
            if let end = pauses[token], now < end { return false }
            pauses[token] = now + Self.pause
            return true
        }
    }
}
