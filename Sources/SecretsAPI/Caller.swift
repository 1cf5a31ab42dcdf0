public import Vault

/// Who asks: what of the vault they may see, and whether they may change it.
public struct Caller: Sendable, Equatable {
    /// The projects that the caller is limited to; nil for all scopes, the personal one included.
    public let projects: Set<Identifier>?
    /// Whether the caller may change anything.
    public let mayWrite: Bool
    /// The name of the token that the caller presented; nil for the owner.
    public let tokenName: String?

    /// The vault's owner, at the command line: everything.
    public static let owner = Caller(projects: nil, mayWrite: true)

    /// A caller with these rights.
    public init(projects: Set<Identifier>?, mayWrite: Bool, tokenName: String? = nil) {
        self.projects = projects
        self.mayWrite = mayWrite
        self.tokenName = tokenName
    }

    /// Whether the caller may see `project`, nil being the personal scope.
    func covers(_ project: Identifier?) -> Bool {
        guard let projects else { return true }
        return project.map(projects.contains) ?? false
    }
}
