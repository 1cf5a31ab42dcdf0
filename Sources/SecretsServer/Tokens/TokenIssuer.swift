internal import FoundationEssentials
public import SecretsAPI
public import Sodium
public import Vault

/// Issues bearer tokens and API keys for one vault, and records them there.
public struct TokenIssuer: Sendable {
    /// The greatest length of a token's name in code points.
    public static let maximumNameLength = 64
    /// The greatest number of projects a token can be limited to, so that it fits a request's headers.
    public static let maximumProjectCount = 250
    /// How an API key begins, so that scanners for leaked secrets can know it.
    public static let apiKeyPrefix = "coffer_sk_"
    private static let apiKeyByteCount = 24

    private let vault: Vault
    private let owner: Actor
    private let random: RandomSource

    /// An issuer for the unlocked `vault`, at the command of `owner`.
    public init(vault: Vault, owner: Actor, random: RandomSource = .system) {
        self.vault = vault
        self.owner = owner
        self.random = random
    }

    /// A new token as text, which is shown once and never stored.
    ///
    /// Throws ``SecretsError``: invalid name, no such project, locked.
    public func issue(_ details: TokenDetails) async throws(SecretsError) -> String {
        try Self.check(details)
        do throws(VaultError) {
            switch details.kind {
            case .jwt:
                let token = Token(id: Identifier(random: random), details: details)
                let signer = try await TokenSigner(vault: vault)
                guard let text = try? await signer.sign(token) else { throw VaultError.locked }
                try await vault.addToken(token, by: owner, now: details.createdAt)
                return text
            case .apiKey:
                let text = Self.apiKeyPrefix + Self.base64URL(random.bytes(Self.apiKeyByteCount))
                let token = Token(id: try await vault.tokenID(ofAPIKey: text), details: details)
                try await vault.addToken(token, by: owner, now: details.createdAt)
                return text
            }
        } catch { throw .vault(error) }
    }

    private static func check(_ details: TokenDetails) throws(SecretsError) {
        let scalars = details.name.unicodeScalars
        guard (1...maximumNameLength).contains(scalars.count),
            scalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw .invalid([FieldFault("name", "must be 1 to \(maximumNameLength) characters, none of them control")])
        }
        guard details.projects.count <= maximumProjectCount else {
            throw .invalid([FieldFault("projects", "must be at most \(maximumProjectCount)")])
        }
        guard details.expiresAt > details.createdAt else {
            throw .invalid([FieldFault("expires", "must lie in the future")])
        }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().map { $0 == "+" ? "-" : $0 == "/" ? "_" : String($0) }.joined()
    }
}
