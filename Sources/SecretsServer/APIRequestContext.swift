internal import Hummingbird
internal import NIOCore
internal import SecretsAPI
internal import Synchronization
internal import Vault

/// What is known of a request while it is answered.
struct APIRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection it came by.
    let channel: any Channel
    /// The token it carries, once that is known.
    var token: Token? {
        didSet { tokenName.set(token?.details.name) }
    }
    /// What is known of the secret that the path names, where it was found along with the token.
    var metadata: SecretMetadata?
    /// The token's name, for the log, whose middleware keeps the context as it was before the token was known.
    let tokenName = TokenName()

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The id in the path, if there is one.
    var secretID: Identifier? { parameters.get("id").flatMap { Identifier($0) } }

    /// Who asks. Only called behind ``RequireToken``.
    var caller: Caller {
        let details = token!.details
        return Caller(
            projects: details.projects.isEmpty ? nil : Set(details.projects), mayWrite: details.access == .readWrite,
            tokenName: details.name)
    }
}

/// A token's name, shared by all copies of a request's context.
final class TokenName: Sendable {
    private let name = Mutex<String?>(nil)

    func set(_ name: String?) {
        self.name.withLock { $0 = name }
    }

    var value: String? { name.withLock { $0 } }
}
