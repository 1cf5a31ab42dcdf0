import Foundation
import SecretsAPI
import Testing

/// What the decoder takes for JSON, and what it tells of what it does not.
@Suite struct JSONTests {
    @Test(
        "text that is not JSON is refused as that",
        arguments: [
            "", " ", "{", "}", #"{"name"}"#, #"{"name":}"#, #"{"name":"A","value":"v",}"#, #"{'name':'A'}"#,
            #"{name:"A"}"#, #"{"name":"A" "value":"v"}"#, #"{"name":"A","value":"v"}}"#, "{}{}", "// {}\n{}", "NaN",
            #"{"name":"A","value":"v"} x"#, "{\"name\":\"A\",\"value\":\"a\nb\"}", #"{"name":"A","value":"\x"}"#,
            "[1,]", "undefined", "\u{feff}x",
        ])
    func notJSON(text: String) {
        #expect(throws: Problem.notJSON) { try decode(CreateSecretRequest.self, text) }
    }

    @Test(
        "half a surrogate pair is no text",
        arguments: [#"\ud83d"#, #"\udd11"#, #"\udd11\ud83d"#, #"\ud83dx"#, #"x\ud83d\u0041"#])
    func unpairedSurrogates(value: String) {
        #expect(throws: Problem.notJSON) {
            try decode(CreateSecretRequest.self, #"{"name":"A","value":"\#(value)"}"#)
        }
    }

    @Test("bytes that are not UTF-8 are refused, in names and values alike")
    func notUTF8() {
        for bytes in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]] as [[UInt8]] {
            for (start, end) in [(#"{"name":"A","value":""#, #""}"#), (#"{"name":""#, #"","value":"v"}"#)] {
                let body = Data(start.utf8) + bytes + Data(end.utf8)
                #expect(throws: Problem.notJSON) { try JSON.decode(CreateSecretRequest.self, from: body) }
            }
        }
    }

    @Test("another encoding is refused, though the decoder could read it")
    func otherEncodings() throws {
        for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
            let body = try #require(#"{"name":"A","value":"v"}"#.data(using: encoding))
            #expect(throws: Problem.notJSON) { try JSON.decode(CreateSecretRequest.self, from: body) }
        }
    }

    @Test("a comma or a bracket in a string is none of the decoder's business")
    func strings() throws {
        let text = #"{"name":"A","value":",}],]\",}\\"}"#
        let request = try decode(CreateSecretRequest.self, text)
        #expect(request.value.array == Array(#",}],]",}\"#.utf8))
    }

    @Test("a body nested without end is refused, in a field that is read and in one that is not")
    func nesting() {
        for open in ["[", #"{"a":"#] {
            let deep = String(repeating: open, count: 100_000)
            for text in [deep, #"{"name":"# + deep, #"{"name":"A","value":"v","more":"# + deep] {
                #expect(throws: Problem.notJSON) { try decode(CreateSecretRequest.self, text) }
            }
        }
    }

    @Test(
        "no answer repeats what was sent",
        arguments: [
            #"CANARY"#, #"{"name":"CANARY","#, #"{"name":"CANARY\n","value":"x"}"#, #"{"name":"CANARY","value":""}"#,
            #"{"name":"canary CANARY","value":"CANARY\u0000"}"#, #"{"name":["CANARY"],"value":{"CANARY":1}}"#,
            #"{"name":"A","value":"CANARY\ud800"}"#, #"{"name":"A","value":"CANARY""#, #"["CANARY"]"#, #""CANARY""#,
            #"{"name":"A","value":"v","project_id":"CANARY"}"#, #"{"CANARY":1}"#,
            #"{"name":"A","value":"v","default_available":"CANARY"}"#, #"{"name":"A","value":CANARY}"#,
            #"{"tags":["CANARY CANARY CANARY CANARY CANARY CANARY"],"id":"CANARY","name":{"CANARY":"CANARY"}}"#,
        ])
    func silence(text: String) {
        var problems: [Problem] = []
        do { _ = try decode(CreateSecretRequest.self, text) } catch { problems.append(error) }
        do { _ = try decode(UpdateSecretMetadataRequest.self, text) } catch { problems.append(error) }
        do { _ = try decode(CreateProjectRequest.self, text) } catch { problems.append(error) }
        #expect(!problems.isEmpty)
        for problem in problems {
            #expect(!SecretsAPITests.text(problem).uppercased().contains("CANARY"))
            #expect(!String(reflecting: problem).uppercased().contains("CANARY"))
        }
    }

    @Test("shapes are compact, with their keys in order and slashes as they are")
    func encoding() {
        #expect(text(["b": "a/b", "a": "é"]) == #"{"a":"é","b":"a/b"}"#)
    }
}
