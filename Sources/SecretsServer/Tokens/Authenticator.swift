internal import HTTPTypes
internal import SecretsAPI
internal import Sodium
internal import Synchronization
internal import Vault

/// Tells which token a request carries: a JWT in `Authorization`, or an API key in `X-Api-Key`.
///
/// The vault's own record decides on every request, so a revoked token is refused at once. Only the arithmetic of a
/// JWT's signature is remembered, under a hash of the token, never the token.
final class Authenticator: Sendable {
    private let vault: Vault
    private let now: @Sendable () -> Int64
    private let known = Mutex(Known())

    /// What is kept until the vault is locked: what verifies signatures, and which were verified.
    private struct Known {
        var signer: TokenSigner?
        var verified: [[UInt8]: Identifier] = [:]
        /// How often this was forgotten.
        var generation = 0
    }
    private let uses: TokenUses

    /// Verified tokens remembered at a time.
    private static let mostVerified = 1024
    /// The longest token that is looked at, in bytes: ours have about 500, and 52 more for each project.
    private static let longestToken = 16 << 10

    init(vault: Vault, now: @escaping @Sendable () -> Int64) {
        self.vault = vault
        self.now = now
        uses = TokenUses(vault: vault)
    }

    /// Forgets the key that verifies signatures, which the library that does so keeps in memory of its own.
    func forgetKeys() {
        known.withLock { $0 = Known(generation: $0.generation + 1) }
    }

    /// What verifies signatures. Throws ``VaultError/locked``.
    private func signer() async throws(VaultError) -> TokenSigner {
        let (signer, generation) = known.withLock { ($0.signer, $0.generation) }
        if let signer { return signer }
        let new = try await TokenSigner(vault: vault)
        known.withLock { known in
            // The vault may have been locked meanwhile.
            if known.generation == generation { known.signer = new }
        }
        return new
    }

    /// The token that `headers` carry, and in the same trip to the vault what is known of `secret`, if anything.
    ///
    /// Throws ``AuthenticationError``.
    func authenticate(
        _ headers: HTTPFields, alongside secret: Identifier?
    ) async throws(AuthenticationError) -> (token: Token, metadata: SecretMetadata?) {
        if let authorization = headers[.authorization] {
            guard let text = Self.bearer(authorization) else { throw .invalid }
            let found: Identifier?
            do { found = try await tokenID(ofJWT: text) } catch { throw .vault(error) }
            guard let id = found else { throw .invalid }
            return try await token(id, kind: .jwt, alongside: secret)
        }
        if let key = headers[.xAPIKey] {
            guard key.hasPrefix(TokenIssuer.apiKeyPrefix) else { throw .invalid }
            let id: Identifier
            do { id = try await vault.tokenID(ofAPIKey: key) } catch { throw .vault(error) }
            return try await token(id, kind: .apiKey, alongside: secret)
        }
        throw .missing
    }

    private func token(
        _ id: Identifier, kind: TokenDetails.Kind, alongside secret: Identifier?
    ) async throws(AuthenticationError) -> (token: Token, metadata: SecretMetadata?) {
        do throws(VaultError) {
            let found = try await vault.token(id, alongside: secret)
            let details = found.token.details
            // Checked apart, although an id that is both would take a broken hash.
            let now = now()
            guard details.kind == kind, details.isGood(at: now) else { throw VaultError.noSuchToken }
            uses.note(found.token, at: now)
            return found
        } catch {
            throw error == .noSuchToken ? .invalid : .vault(error)
        }
    }

    private func tokenID(ofJWT text: String) async throws(VaultError) -> Identifier? {
        guard text.utf8.count <= Self.longestToken else { return nil }
        let digest = Digest.of(text.utf8)
        if let id = known.withLock({ $0.verified[digest] }) { return id }
        guard let id = try await signer().verify(text) else { return nil }
        known.withLock { known in
            if known.verified.count >= Self.mostVerified { known.verified.removeAll(keepingCapacity: true) }
            known.verified[digest] = id
        }
        return id
    }

    /// The token in a header value `Bearer TOKEN` (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1).
    private static func bearer(_ header: String) -> String? {
        // Bytes, because a header is ASCII and splitting a string by characters is slow.
        let parts = header.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, Substring(parts[0]).lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}

/// Why a request is not let in.
enum AuthenticationError: Error {
    /// It carries neither token nor key.
    case missing
    /// What it carries is not a token of this vault, or no longer.
    case invalid
    /// The vault could not tell.
    case vault(VaultError)
}

extension HTTPField.Name {
    /// Where the hosted API takes its API keys.
    static let xAPIKey = Self("X-Api-Key")!
}
