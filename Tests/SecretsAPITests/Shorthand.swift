import Foundation
import Sodium
import Vault

@testable import SecretsAPI

/// A vault in a folder of its own with the API on it, removed when the test is done.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "coffer-api-" + UUID().uuidString

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The API on a new vault, whose clock stands at `now`.
    func newSecrets(now: Int64 = 1_000) async throws -> Secrets {
        let vaultPath = path + "/vault.coffer"
        try await Vault.create(
            at: vaultPath, passphrase: SecureBytes("passphrase"), cost: .lowest, by: .user("tester"), now: now)
        let vault = try await Vault.open(at: vaultPath)
        try await vault.unlock(passphrase: SecureBytes("passphrase"))
        return Secrets(vault: vault, owner: .user("tester"), now: { now })
    }
}

extension SecureBytes {
    /// The UTF-8 of `text`.
    init(_ text: String) {
        self.init(copying: text.utf8)
    }
}

extension SecretValue {
    init(_ text: String) throws(FieldFault) {
        try self.init(SecureBytes(text))
    }

    /// A copy on the ordinary heap, which only a test may make.
    var array: [UInt8] { bytes.bytes.withUnsafeBytes { Array($0) } }
}

extension Secrets {
    /// Creates a secret as the owner and gives its id.
    func add(_ name: String, project: Identifier? = nil, value: String = "value") async throws -> Identifier {
        let request = try CreateSecretRequest(name: name, value: SecretValue(value), project: project)
        return Identifier(try await create(request, by: .owner).id)!
    }

    /// Creates a project as the owner and gives its id.
    func addProject(_ name: String = "Project") async throws -> Identifier {
        Identifier(try await createProject(CreateProjectRequest(name: name), by: .owner).project.id)!
    }
}

/// The shape in `json`.
func decode<Shape: Decodable>(_: Shape.Type, _ json: String) throws(Problem) -> Shape {
    try JSON.decode(Shape.self, from: Data(json.utf8))
}

/// Everything that is wrong with `json`, which must be JSON that breaks the schema.
func faults<Shape: Decodable>(_: Shape.Type, _ json: String) -> [FieldFault]? {
    do {
        _ = try JSON.decode(Shape.self, from: Data(json.utf8))
        return nil
    } catch {
        return error.status == 422 ? error.errors : nil
    }
}

/// `shape` as the API sends it.
func text(_ shape: some Encodable) -> String {
    String(decoding: JSON.encode(shape), as: UTF8.self)
}
