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
    func addProject(_ name: String = "Project") async throws -> Identifier {
        try await createProject(ScopeDetails(name: name, createdAt: 2_000), id: nil).id
    }

    /// Gives a secret another value.
    func rotate(_ id: Identifier, to value: String) async throws -> SecretMetadata {
        try await rotate(id, value: SharedSecureBytes(SecureBytes(value)), mask: "rotated", now: 3_000)
    }

    /// A secret's value.
    func text(of id: Identifier, version: Int64? = nil) async throws -> String {
        let value = try await reveal(id, version: version, by: .tester, now: 4_000)
        return String(decoding: value.bytes.array, as: UTF8.self)
    }

    /// The names of a scope's secrets, in order.
    func names(project: Identifier? = nil) throws -> [String] {
        try secrets(project: project).secrets.map(\.name)
    }
}

extension Token {
    init(
        _ name: String, projects: [Identifier] = [], id: Identifier = Identifier(random: .system),
        expiresAt: Int64 = 9_000
    ) {
        self.init(
            id: id,
            details: TokenDetails(
                kind: .jwt, access: .readWrite, name: name, projects: projects, createdAt: 2_000,
                expiresAt: expiresAt))
    }
}

extension Actor {
    static let tester = Actor.user("tester", terminal: "pts/7")
}

/// The vault's calls as the tests mostly make them: by the same person, at a time that does not matter.
extension Vault {
    nonisolated func createSecret(
        _ secret: NewSecret, value: SharedSecureBytes, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await createSecret(secret, value: value, by: .tester, now: now)
    }

    nonisolated func createSecrets(
        _ secrets: [NewSecret], values: SecureList, project: Identifier?, onConflict policy: ConflictPolicy,
        isRehearsal: Bool = false, now: Int64, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(VaultError) -> [StoredSecret] {
        try await createSecrets(
            secrets, values: values, project: project, onConflict: policy, isRehearsal: isRehearsal, by: .tester,
            now: now, progress: progress)
    }

    nonisolated func updateMetadata(
        of id: Identifier, name: String? = nil, defaultAvailable: Bool? = nil, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await updateMetadata(of: id, name: name, defaultAvailable: defaultAvailable, by: .tester, now: now)
    }

    nonisolated func rotate(
        _ id: Identifier, value: SharedSecureBytes, mask: String, now: Int64
    ) async throws(VaultError) -> SecretMetadata {
        try await rotate(id, value: value, mask: mask, by: .tester, now: now)
    }

    nonisolated func reveal(_ id: Identifier) async throws(VaultError) -> SharedSecureBytes {
        try await reveal(id, by: .tester, now: 4_000)
    }

    nonisolated func reveal(_ ids: [Identifier]) async throws(VaultError) -> SecureList {
        try await reveal(ids, for: .export, by: .tester, now: 4_000)
    }

    nonisolated func deleteSecret(_ id: Identifier) async throws(VaultError) {
        try await deleteSecret(id, by: .tester, now: 5_000)
    }

    nonisolated func createProject(_ details: ScopeDetails, id: Identifier?) async throws(VaultError) -> Project {
        try await createProject(details, id: id, by: .tester, now: 2_000)
    }

    nonisolated func deleteProject(_ project: Identifier) async throws(VaultError) {
        try await deleteProject(project, by: .tester, now: 5_000)
    }

    nonisolated func addToken(_ token: Token) async throws(VaultError) {
        try await addToken(token, by: .tester, now: 2_000)
    }

    nonisolated func revokeToken(_ id: Identifier) async throws(VaultError) {
        try await revokeToken(id, by: .tester, now: 5_000)
    }
}
