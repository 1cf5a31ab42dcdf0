internal import FoundationEssentials
internal import JWTKit

/// The claims of a bearer token (RFC 7519).
struct BearerClaims: JWTPayload {
    /// The vault that issued it, as `urn:uuid:` and the vault's id.
    let iss: IssuerClaim
    /// The name its owner gave it.
    let sub: SubjectClaim
    /// The token's id, by which it is revoked.
    let jti: IDClaim
    /// When it was issued.
    let iat: IssuedAtClaim
    /// From when on it is no longer accepted.
    let exp: ExpirationClaim
    /// What it may do: `secrets:read`, or `secrets:read secrets:write` (RFC 8693, 4.2).
    let scope: String
    /// The ids of the projects it is limited to; absent for all scopes.
    let projects: [String]?

    /// Expiry is checked on every request against the vault's own record, so there is nothing left to check here.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
