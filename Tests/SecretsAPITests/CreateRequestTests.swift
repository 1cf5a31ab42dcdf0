import SecretsAPI
import Testing
import Vault

@Suite struct CreateRequestTests {
    private let id = "0189abcd-ef01-4234-9678-9abcdef01234"

    private func faults(_ json: String) -> [FieldFault]? {
        SecretsAPITests.faults(CreateSecretRequest.self, json)
    }

    @Test("name and value are enough")
    func minimal() throws {
        let request = try decode(CreateSecretRequest.self, #"{"name":"A","value":"v"}"#)
        #expect(request.name == "A")
        #expect(request.value.array == Array("v".utf8))
        #expect(!request.createdByAgent && !request.defaultAvailable)
        #expect(request.project == nil)
    }

    @Test("every field is read, and one that is not known is not minded")
    func full() throws {
        let request = try decode(
            CreateSecretRequest.self,
            """
            {"project_id": "\(id.uppercased())", "default_available": true, "created_by_agent": true,
             "value": "\\ud83d\\udd11\\n\\u00e9", "name": "API_KEY", "id": [], "Name": 1, "more": {"value": null}}
            """)
        #expect(request.name == "API_KEY")
        #expect(request.value.array == Array("🔑\né".utf8))
        #expect(request.createdByAgent && request.defaultAvailable)
        #expect(request.project == Identifier(id))
    }

    @Test("what is missing is named, all at once")
    func missing() {
        #expect(
            faults("{}") == [FieldFault("body.name", "is required"), FieldFault("body.value", "is required")])
    }

    @Test("what has another type is named, all at once")
    func types() {
        let expected = [
            FieldFault("body.name", "must be a string"), FieldFault("body.value", "must be a string"),
            FieldFault("body.created_by_agent", "must be true or false"),
            FieldFault("body.default_available", "must be true or false"),
            FieldFault("body.project_id", "must be a UUID"),
        ]
        #expect(
            faults(#"{"name":1,"value":[],"created_by_agent":"yes","default_available":1,"project_id":{}}"#)
                == expected)
        #expect(
            faults(#"{"name":null,"value":null,"created_by_agent":null,"default_available":null,"project_id":null}"#)
                == expected)
        #expect(
            faults(#"{"name":{},"value":1.5,"created_by_agent":0,"default_available":"true","project_id":7}"#)
                == expected)
    }

    @Test("what breaks a rule is named, all at once")
    func rules() {
        #expect(
            faults(#"{"name":"a\n","value":"","project_id":"0189abcd"}"#) == [
                FieldFault("body.name", "must start with A to Z and contain only A to Z, 0 to 9 and _"),
                FieldFault("body.value", "must not be empty"), FieldFault("body.project_id", "must be a UUID"),
            ])
        #expect(faults(#"{"name":"A","value":"\u0000"}"#) == [FieldFault("body.value", "must not contain NUL")])
        let long = String(repeating: "x", count: 10_001)
        #expect(
            faults(#"{"name":"A","value":"\#(long)"}"#) == [
                FieldFault("body.value", "must be at most 10000 characters long")
            ])
    }

    @Test("a body that is no object is named as such", arguments: ["[]", "null", "1", "true", #""name""#, "[{}]"])
    func noObject(json: String) {
        #expect(faults(json) == [FieldFault("body", "must be a JSON object")])
    }

    @Test("a request made in the program keeps the rule for names")
    func inProgram() throws {
        let value = try SecretValue("value")
        #expect(throws: SecretsError.self) { try CreateSecretRequest(name: "a", value: value) }
        #expect(try CreateSecretRequest(name: "A", value: value).name == "A")
    }
}
