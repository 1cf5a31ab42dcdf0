import Sodium
import Testing
import Vault

@testable import SecretsAPI

/// Every operation, as callers with different rights see it.
@Suite struct CallerTests {
    private let folder = Folder()

    /// A vault with one secret in the personal scope and one in each of two projects.
    private struct World {
        let secrets: Secrets
        let mine: Identifier
        let other: Identifier
        let personalSecret: Identifier
        let mySecret: Identifier
        let otherSecret: Identifier

        /// Limited to the project `mine`.
        func member(mayWrite: Bool = true) -> Caller { Caller(projects: [mine], mayWrite: mayWrite) }
        /// Limited to nothing at all.
        let nobody = Caller(projects: [], mayWrite: true)
        let reader = Caller(projects: nil, mayWrite: false)
    }

    private func world() async throws -> World {
        let secrets = try await folder.newSecrets()
        let mine = try await secrets.addProject("Mine")
        let other = try await secrets.addProject("Other")
        return World(
            secrets: secrets, mine: mine, other: other, personalSecret: try await secrets.add("NAME"),
            mySecret: try await secrets.add("NAME", project: mine),
            otherSecret: try await secrets.add("NAME", project: other))
    }

    private func request(_ name: String, _ project: Identifier? = nil) throws -> CreateSecretRequest {
        try CreateSecretRequest(name: name, value: SecretValue("value"), project: project)
    }

    @Test("create: the scope must be covered, and writing allowed")
    func create() async throws {
        let world = try await world()
        #expect(try await world.secrets.create(request("A"), by: .owner).name == "A")
        #expect(try await world.secrets.create(request("A", world.mine), by: world.member()).name == "A")
        for project in [nil, world.other, world.secrets.vault.id, Identifier(random: .system)] {
            await #expect(throws: SecretsError.notCovered) {
                try await world.secrets.create(request("B", project), by: world.member())
            }
            await #expect(throws: SecretsError.notCovered) {
                try await world.secrets.create(request("B", project), by: world.nobody)
            }
        }
        for caller in [world.reader, world.member(mayWrite: false)] {
            await #expect(throws: SecretsError.readOnly) {
                try await world.secrets.create(request("B", world.mine), by: caller)
            }
        }
        await #expect(throws: SecretsError.vault(.noSuchProject)) {
            try await world.secrets.create(request("B", Identifier(random: .system)), by: .owner)
        }
    }

    @Test("get: what is not covered does not exist")
    func get() async throws {
        let world = try await world()
        for id in [world.personalSecret, world.mySecret, world.otherSecret] {
            #expect(try await world.secrets.get(id, by: .owner).id == id.description)
            #expect(try await world.secrets.get(id, by: world.reader).id == id.description)
            await #expect(throws: SecretsError.vault(.noSuchSecret)) {
                try await world.secrets.get(id, by: world.nobody)
            }
        }
        for mayWrite in [true, false] {
            let member = world.member(mayWrite: mayWrite)
            #expect(try await world.secrets.get(world.mySecret, by: member).name == "NAME")
            for id in [world.personalSecret, world.otherSecret, Identifier(random: .system)] {
                await #expect(throws: SecretsError.vault(.noSuchSecret)) { try await world.secrets.get(id, by: member) }
            }
        }
    }

    @Test("list: the scope must be covered")
    func list() async throws {
        let world = try await world()
        func count(_ project: Identifier?, _ caller: Caller) async throws -> Int {
            try await world.secrets.list(ListSecretsRequest(project: project), by: caller).count
        }
        for project in [nil, world.mine, world.other] {
            #expect(try await count(project, .owner) == 1)
            #expect(try await count(project, world.reader) == 1)
            await #expect(throws: SecretsError.notCovered) { try await count(project, world.nobody) }
        }
        #expect(try await count(world.mine, world.member(mayWrite: false)) == 1)
        for project in [nil, world.other, Identifier(random: .system)] {
            await #expect(throws: SecretsError.notCovered) { try await count(project, world.member()) }
        }
        await #expect(throws: SecretsError.vault(.noSuchProject)) {
            try await count(Identifier(random: .system), .owner)
        }
    }

    @Test("update and delete: what is not covered does not exist, and stays as it is")
    func changes() async throws {
        let world = try await world()
        let update = UpdateSecretMetadataRequest(defaultAvailable: true)
        for id in [world.personalSecret, world.otherSecret, Identifier(random: .system)] {
            for caller in [world.member(), world.nobody] {
                await #expect(throws: SecretsError.vault(.noSuchSecret)) {
                    try await world.secrets.updateMetadata(id, update, by: caller)
                }
                await #expect(throws: SecretsError.vault(.noSuchSecret)) {
                    try await world.secrets.delete(id, by: caller)
                }
            }
        }
        for caller in [world.reader, world.member(mayWrite: false)] {
            await #expect(throws: SecretsError.readOnly) {
                try await world.secrets.updateMetadata(world.mySecret, update, by: caller)
            }
            await #expect(throws: SecretsError.readOnly) { try await world.secrets.delete(world.mySecret, by: caller) }
        }
        for id in [world.personalSecret, world.otherSecret] {
            #expect(try await world.secrets.get(id, by: .owner).defaultAvailable == false)
        }
        #expect(try await world.secrets.updateMetadata(world.mySecret, update, by: world.member()).defaultAvailable)
        try await world.secrets.delete(world.mySecret, by: world.member())
        await #expect(throws: SecretsError.vault(.noSuchSecret)) {
            try await world.secrets.get(world.mySecret, by: .owner)
        }
    }

    @Test("projects: those covered are listed, and only who covers all creates one")
    func projects() async throws {
        let world = try await world()
        func names(_ caller: Caller) async throws -> [String] {
            let list = try await world.secrets.projects(by: caller)
            #expect(list.count == list.projects.count)
            return list.projects.map(\.name)
        }
        #expect(try await names(.owner) == ["Mine", "Other"])
        #expect(try await names(world.reader) == ["Mine", "Other"])
        #expect(try await names(world.member()) == ["Mine"])
        #expect(try await names(world.nobody) == [])
        let request = try CreateProjectRequest(name: "New")
        await #expect(throws: SecretsError.readOnly) {
            try await world.secrets.createProject(request, by: world.reader)
        }
        for caller in [world.member(), world.nobody] {
            await #expect(throws: SecretsError.notCovered) {
                try await world.secrets.createProject(request, by: caller)
            }
        }
        #expect(try await names(.owner) == ["Mine", "Other"])
    }

    @Test("the owner covers everything")
    func owner() {
        #expect(Caller.owner == Caller(projects: nil, mayWrite: true))
        #expect(Caller.owner.covers(nil) && Caller.owner.covers(Identifier(random: .system)))
    }
}
