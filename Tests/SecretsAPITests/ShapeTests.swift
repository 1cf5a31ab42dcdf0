import SecretsAPI
import Sodium
import Testing
import Vault

/// What the API answers, to the byte.
@Suite struct ShapeTests {
    private let folder = Folder()

    @Test("a personal secret has the hosted fields, and no project_id")
    func personalSecret() async throws {
        let secrets = try await folder.newSecrets()
        let request = try CreateSecretRequest(
            name: "API_KEY", value: SecretValue("0123456789/bcdef"), createdByAgent: true, defaultAvailable: false)
        let secret = try await secrets.create(request, by: .owner)
        #expect(
            text(secret) == """
                {"created_at":"1970-01-01T00:16:40Z","created_by_agent":true,"default_available":false,\
                "id":"\(secret.id)","masked_value":"012••••••••cdef","name":"API_KEY",\
                "updated_at":"1970-01-01T00:16:40Z"}
                """)
        #expect(Identifier(secret.id)?.description == secret.id)
    }

    @Test("a project's secret names its project")
    func projectSecret() async throws {
        let secrets = try await folder.newSecrets()
        let project = try await secrets.addProject()
        let request = try CreateSecretRequest(
            name: "A", value: SecretValue("short"), defaultAvailable: true, project: project)
        let secret = try await secrets.create(request, by: .owner)
        #expect(
            text(secret) == """
                {"created_at":"1970-01-01T00:16:40Z","created_by_agent":false,"default_available":true,\
                "id":"\(secret.id)","masked_value":"••••••••","name":"A","project_id":"\(project)",\
                "updated_at":"1970-01-01T00:16:40Z"}
                """)
    }

    @Test("a list counts its own page, and names the next one while there is one")
    func list() async throws {
        let secrets = try await folder.newSecrets()
        #expect(
            text(try await secrets.list(ListSecretsRequest(project: nil), by: .owner)) == #"{"count":0,"secrets":[]}"#)
        for name in ["A", "B", "C"] { _ = try await secrets.add(name) }
        let first = try await secrets.list(ListSecretsRequest(projectID: nil, limit: "2", cursor: nil), by: .owner)
        #expect(first.secrets.map(\.name) == ["A", "B"])
        #expect(first.count == 2)
        let cursor = try #require(first.nextCursor)
        #expect(text(first).contains(#""next_cursor":"\#(cursor)""#))
        let last = try await secrets.list(ListSecretsRequest(projectID: nil, limit: "2", cursor: cursor), by: .owner)
        #expect(last.secrets.map(\.name) == ["C"])
        #expect(last.nextCursor == nil)
        #expect(!text(last).contains("next_cursor"))
    }

    @Test("a project has the hosted fields that mean something here")
    func project() async throws {
        let secrets = try await folder.newSecrets()
        let request = try decode(
            CreateProjectRequest.self, ##"{"name":"Größe","settings_md":"# S","tags":["b","a"]}"##)
        let answer = try await secrets.createProject(request, by: .owner)
        let project = """
            {"created_at":"1970-01-01T00:16:40Z","id":"\(answer.project.id)","is_owner":true,"member_count":1,\
            "name":"Größe","settings_md":"# S","shared_with_team":false,"tags":["b","a"],\
            "updated_at":"1970-01-01T00:16:40Z"}
            """
        #expect(text(answer) == #"{"project":\#(project)}"#)
        #expect(text(try await secrets.projects(by: .owner)) == #"{"count":1,"projects":[\#(project)]}"#)
    }

    @Test("no shape holds the value")
    func noValue() async throws {
        let secrets = try await folder.newSecrets()
        let id = try await secrets.add("A", value: "012 the canary is here cdef")
        let update = UpdateSecretMetadataRequest(defaultAvailable: true)
        let shapes = [
            text(try await secrets.get(id, by: .owner)),
            text(try await secrets.updateMetadata(id, update, by: .owner)),
            text(try await secrets.list(ListSecretsRequest(project: nil), by: .owner)),
        ]
        for shape in shapes { #expect(!shape.contains("canary")) }
    }
}
