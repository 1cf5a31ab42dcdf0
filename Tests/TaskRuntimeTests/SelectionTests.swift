import Testing
import Vault

@testable import TaskRuntime

@Suite("A task gets") struct SelectionTests {
    private let folder = Folder()

    @Test("what is available by default, of the personal scope and of the project, and nothing else")
    func defaults() async throws {
        let secrets = try await folder.newSecrets()
        let web = try await secrets.addProject("web")
        try await secrets.add("PERSONAL", defaultAvailable: true)
        try await secrets.add("NOT_BY_DEFAULT")
        try await secrets.add("WEB", project: web, defaultAvailable: true)
        let alone = try await Selection(project: nil, wanted: [], all: false).resolve(in: secrets)
        #expect(alone.names == ["PERSONAL"])
        let both = try await Selection(project: web, wanted: [], all: false).resolve(in: secrets)
        #expect(both.names == ["PERSONAL", "WEB"])
        let all = try await Selection(project: web, wanted: [], all: true).resolve(in: secrets)
        #expect(all.names == ["NOT_BY_DEFAULT", "PERSONAL", "WEB"])
        #expect(all.secrets.map(\.reason) == [.all, .defaultAvailable, .defaultAvailable])
    }

    @Test("a project's secret before a personal one of the same name, even one asked for by its id")
    func precedence() async throws {
        let secrets = try await folder.newSecrets()
        let web = try await secrets.addProject("web")
        let personal = try await secrets.add("TOKEN", defaultAvailable: true)
        let shared = try await secrets.add("TOKEN", project: web, defaultAvailable: true)
        let selection = Selection(project: web, wanted: [personal.description], all: false)
        #expect(try await selection.resolve(in: secrets).secrets.map(\.metadata.id) == [shared])
    }

    @Test("what is named, by a person or by a project file, in either scope")
    func named() async throws {
        let secrets = try await folder.newSecrets()
        let web = try await secrets.addProject("web")
        try await secrets.add("A")
        try await secrets.add("B", project: web)
        let c = try await secrets.add("C")
        let selection = Selection(project: web, wanted: ["A", c.description], listed: ["A", "B"], all: false)
        let selected = try await selection.resolve(in: secrets)
        #expect(selected.names == ["A", "B", "C"])
        #expect(selected.secrets.map(\.reason) == [.wanted, .listed, .wanted])
    }

    @Test("nothing when a name is unknown", arguments: [["NO_SUCH"], ["A", "NO_SUCH"]])
    func unknown(wanted: [String]) async throws {
        let secrets = try await folder.newSecrets()
        try await secrets.add("A")
        for selection in [
            Selection(project: nil, wanted: wanted, all: false),
            Selection(project: nil, wanted: [], listed: wanted, all: true),
        ] {
            await #expect(throws: SelectionError.unknown("NO_SUCH")) { try await selection.resolve(in: secrets) }
        }
    }

    @Test(
        "no name that steers the programs it runs, unless a person asks for it",
        arguments: ["PATH", "LD_PRELOAD", "BASH_ENV", "NODE_OPTIONS", "GIT_SSH_COMMAND", "COFFER_PASSPHRASE_COMMAND"])
    func steering(name: String) async throws {
        let secrets = try await folder.newSecrets()
        try await secrets.add(name, defaultAvailable: true)
        for all in [false, true] {
            let selected = try await Selection(project: nil, wanted: [], all: all).resolve(in: secrets)
            #expect(selected.names.isEmpty)
            #expect(selected.passedOver.map(\.metadata.name) == [name])
        }
        #expect(try await Selection(project: nil, wanted: [name], all: false).resolve(in: secrets).names == [name])
        let listed = Selection(project: nil, wanted: [], listed: [name], all: false)
        #expect(try await listed.resolve(in: secrets).names.isEmpty)
    }
}

extension SelectedSecrets {
    fileprivate var names: [String] { secrets.map(\.metadata.name) }
}
