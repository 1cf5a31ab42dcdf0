import Foundation
import SecretsAPI
import Sodium
import Vault

/// A folder of a test's own, removed when the test is done.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "coffer-task-" + UUID().uuidString

    init() {
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The operations on a new vault.
    func newSecrets() async throws -> Secrets {
        let place = path + "/vault.coffer"
        try await Vault.create(
            at: place, passphrase: SecureBytes(copying: "passphrase".utf8), cost: .lowest, by: .user("tester"),
            now: 1_000)
        let vault = try await Vault.open(at: place)
        try await vault.unlock(passphrase: SecureBytes(copying: "passphrase".utf8))
        return Secrets(vault: vault, owner: .user("tester"), now: { 1_000 })
    }

    /// Writes `text` to the file `name` and gives the path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let place = path + "/" + name
        let folder = place[..<place.lastIndex(of: "/")!]
        try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: place))
        return place
    }
}

extension Secrets {
    /// Creates a secret as the owner and gives its id.
    @discardableResult
    func add(
        _ name: String, project: Identifier? = nil, defaultAvailable: Bool = false
    ) async throws -> Identifier {
        let request = try CreateSecretRequest(
            name: name, value: SecretValue(SecureBytes(copying: "value of \(name)".utf8)),
            defaultAvailable: defaultAvailable, project: project)
        return Identifier(try await create(request, by: .owner).id)!
    }

    /// Creates a project as the owner and gives its id.
    func addProject(_ name: String) async throws -> Identifier {
        Identifier(try await createProject(CreateProjectRequest(name: name), by: .owner).project.id)!
    }
}
