import Sodium

@testable import Vault

/// Short ways to say what the tests of this target say often.
extension SecureBytes {
    /// The UTF-8 of `text`.
    init(_ text: String) {
        self.init(copying: text.utf8)
    }

    /// A copy on the ordinary heap, which only a test may make.
    var array: [UInt8] { withUnsafeBytes { Array($0) } }
}

extension NewSecret {
    init(_ name: String, project: Identifier? = nil) {
        self.init(project: project, name: name, mask: "••••••••", defaultAvailable: false, createdByAgent: false)
    }
}

extension Vault {
    /// Stores a secret and gives its id.
    func add(_ name: String, _ value: String = "value", project: Identifier? = nil) async throws -> Identifier {
        try await createSecret(
            NewSecret(name, project: project), value: SharedSecureBytes(SecureBytes(value)), now: 2_000
        ).id
    }

    /// Stores a project and gives its id.
    func addProject(_ name: String = "Project") throws -> Identifier {
        try createProject(ScopeDetails(name: name, createdAt: 2_000), id: nil).id
    }

    /// Gives a secret another value.
    func rotate(_ id: Identifier, to value: String) async throws -> SecretMetadata {
        try await rotate(id, value: SharedSecureBytes(SecureBytes(value)), mask: "rotated", now: 3_000)
    }

    /// A secret's value.
    func text(of id: Identifier) throws -> String {
        String(decoding: try reveal(id).array, as: UTF8.self)
    }

    /// The names of a scope's secrets, in order.
    func names(project: Identifier? = nil) throws -> [String] {
        try secrets(project: project).secrets.map(\.name)
    }
}

extension Token {
    init(_ name: String, projects: [Identifier] = [], id: Identifier = Identifier(random: .system)) {
        self.init(
            id: id,
            details: TokenDetails(
                kind: .jwt, access: .readWrite, name: name, projects: projects, createdAt: 2_000, expiresAt: 9_000))
    }
}
