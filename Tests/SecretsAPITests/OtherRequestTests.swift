import SecretsAPI
import Testing
import Vault

/// The bodies of the update request and of the project request.
@Suite struct OtherRequestTests {
    @Test(
        "an update takes true, false, or null for leaving it",
        arguments: [("true", true), ("false", false), ("null", nil)] as [(String, Bool?)])
    func update(json: String, expected: Bool?) throws {
        let request = try decode(UpdateSecretMetadataRequest.self, #"{"default_available":\#(json),"name":"B"}"#)
        #expect(request.defaultAvailable == expected)
    }

    @Test("an update without its field, or with anything else in it, is refused")
    func updateFaults() {
        #expect(
            faults(UpdateSecretMetadataRequest.self, "{}") == [FieldFault("body.default_available", "is required")])
        for other in ["1", #""true""#, "[]", "{}"] {
            #expect(
                faults(UpdateSecretMetadataRequest.self, #"{"default_available":\#(other)}"#)
                    == [FieldFault("body.default_available", "must be true, false or null")])
        }
        #expect(
            faults(UpdateSecretMetadataRequest.self, "[]") == [FieldFault("body", "must be a JSON object")])
    }

    @Test("a project needs nothing, and is untitled then")
    func emptyProject() throws {
        for json in ["{}", #"{"name":"","tags":[],"settings_md":""}"#] {
            let request = try decode(CreateProjectRequest.self, json)
            #expect(request.id == nil)
            #expect(request.name == "Untitled project")
            #expect(request.settings == "")
            #expect(request.tags == [])
        }
    }

    @Test("a project's fields are read up to their greatest lengths, in code points")
    func longestProject() throws {
        let name = String(repeating: "🔑", count: 128)
        let settings = String(repeating: "#", count: 100_000)
        let tag = String(repeating: "e\u{301}", count: 16)
        let tags = [String](repeating: #""\#(tag)""#, count: 20).joined(separator: ",")
        let id = "0189abcd-ef01-4234-9678-9abcdef01234"
        let request = try decode(
            CreateProjectRequest.self,
            #"{"id":"\#(id)","name":"\#(name)","settings_md":"\#(settings)","tags":[\#(tags)]}"#)
        #expect(request.id == Identifier(id))
        #expect(request.name == name)
        #expect(request.settings == settings)
        #expect(request.tags == [String](repeating: tag, count: 20))
    }

    @Test("what breaks a project's rules is named, all at once")
    func projectFaults() {
        let name = String(repeating: "🔑", count: 129)
        let settings = String(repeating: "#", count: 100_001)
        let tag = String(repeating: "x", count: 33)
        let tags = [#""""#, #""\#(tag)""#, #""\u0000""#] + [String](repeating: #""x""#, count: 18)
        #expect(
            faults(
                CreateProjectRequest.self,
                #"{"id":"x","name":"\#(name)","settings_md":"\#(settings)","tags":[\#(tags.joined(separator: ","))]}"#)
                == [
                    FieldFault("body.id", "must be a UUID"),
                    FieldFault("body.name", "must be at most 128 characters long"),
                    FieldFault("body.settings_md", "must be at most 100000 characters long"),
                    FieldFault("body.tags", "must be at most 20"),
                    FieldFault("body.tags[0]", "must not be empty"),
                    FieldFault("body.tags[1]", "must be at most 32 characters long"),
                    FieldFault("body.tags[2]", "must not contain NUL"),
                ])
    }

    @Test("null and other types are refused in each of a project's fields")
    func projectTypes() {
        let expected = [
            FieldFault("body.id", "must be a UUID"), FieldFault("body.name", "must be a string"),
            FieldFault("body.settings_md", "must be a string"), FieldFault("body.tags", "must be a list of strings"),
        ]
        #expect(
            faults(CreateProjectRequest.self, #"{"id":null,"name":null,"settings_md":null,"tags":null}"#) == expected)
        #expect(faults(CreateProjectRequest.self, #"{"id":1,"name":[],"settings_md":{},"tags":"x"}"#) == expected)
        for tags in [#"[null]"#, "[1]", #"["x",[]]"#] {
            #expect(faults(CreateProjectRequest.self, #"{"tags":\#(tags)}"#) == [expected[3]])
        }
    }

    @Test("a project made in the program has a name")
    func inProgram() throws {
        #expect(throws: SecretsError.invalid([FieldFault("name", "must not be empty")])) {
            try CreateProjectRequest(name: "")
        }
        #expect(throws: SecretsError.self) { try CreateProjectRequest(name: String(repeating: "x", count: 129)) }
        #expect(try CreateProjectRequest(name: "Name").name == "Name")
    }
}
