internal import FoundationEssentials
internal import JWTKit
internal import SecretsAPI
internal import Sodium
internal import Vault

/// Signs and verifies the JWTs of one vault: HS256 under a subkey of its root key, and nothing else.
struct TokenSigner: Sendable {
    private static let algorithm = "HS256"

    private let keys: JWTKeyCollection
    private let issuer: String

    /// A signer for the unlocked `vault`. Throws ``VaultError/locked``.
    init(vault: Vault) async throws(VaultError) {
        let key = try await vault.tokenSigningKey()
        // The library that signs keeps its key in memory of its own.
        let hmacKey = key.withUnsafeBytes { HMACKey(from: Array($0)) }
        keys = await JWTKeyCollection().add(hmac: hmacKey, digestAlgorithm: .sha256)
        issuer = "urn:uuid:\(vault.id)"
    }

    /// The compact form of `token`.
    func sign(_ token: Token) async throws -> String {
        let details = token.details
        let claims = BearerClaims(
            iss: IssuerClaim(value: issuer),
            sub: SubjectClaim(value: details.name),
            jti: IDClaim(value: token.id.description),
            iat: IssuedAtClaim(value: .init(timeIntervalSince1970: Double(details.createdAt))),
            exp: ExpirationClaim(value: .init(timeIntervalSince1970: Double(details.expiresAt))),
            scope: details.access == .read ? "secrets:read" : "secrets:read secrets:write",
            projects: details.projects.isEmpty ? nil : details.projects.map(\.description))
        return try await keys.sign(claims)
    }

    /// The id of the token that `text` is the compact form of; nil for anything this vault did not sign.
    func verify(_ text: String) async -> Identifier? {
        let bytes = Array(text.utf8)
        // The signature first: it is cheap, and what is not signed is not looked into further. Whatever algorithm the
        // header names, the one key there is verifies by its own; the name is then compared, never followed.
        guard let claims = try? await keys.verify(bytes, as: BearerClaims.self), claims.iss.value == issuer,
            let header = try? DefaultJWTParser().parse(bytes, as: BearerClaims.self).header,
            header.alg == Self.algorithm, header.crit == nil
        else { return nil }
        return Identifier(claims.jti.value)
    }
}
