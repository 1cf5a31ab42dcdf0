import Testing
import Vault

@testable import SecretsAPI

/// Cursors, and the query that they are part of.
@Suite struct ListRequestTests {
    @Test("a cursor says where the next page starts", arguments: [0, 1, 255, 1 << 40, Int64.max])
    func cursor(sequence: Int64) {
        let text = Cursor.text(sequence)
        #expect(text.utf8.count == 16)
        #expect(Cursor.sequence(text) == sequence)
    }

    private static let junk = [
        "", "0", "1", "000000000000000", "00000000000000000", "000000000000000g", "000000000000000F",
        "+00000000000000f", "-000000000000001", "8000000000000000", "ffffffffffffffff", " 00000000000000f",
        "00000000000000f\n", "0x00000000000001", "00000000000000٣", "00000000000000é",
    ]

    @Test("anything else is no cursor", arguments: junk)
    func noCursor(text: String) {
        #expect(Cursor.sequence(text) == nil)
        #expect(throws: SecretsError.invalid([FieldFault("query.cursor", "must be the next_cursor of an answer")])) {
            try ListSecretsRequest(projectID: nil, limit: nil, cursor: text)
        }
    }

    @Test("nothing asked for is everything personal")
    func defaults() throws {
        for request in [
            ListSecretsRequest(project: nil), try ListSecretsRequest(projectID: nil, limit: nil, cursor: nil),
        ] {
            #expect(request.project == nil)
            #expect(request.limit == nil)
            #expect(request.start == 0)
        }
    }

    @Test("a limit is 1 to 1,000", arguments: [("1", 1), ("50", 50), ("1000", 1000), ("007", 7)])
    func limit(text: String, expected: Int) throws {
        #expect(try ListSecretsRequest(projectID: nil, limit: text, cursor: nil).limit == expected)
    }

    @Test(
        "any other limit is refused",
        arguments: [
            "0", "1001", "-1", "+1", "", " 1", "1 ", "1\n", "1.0", "1e2", "0x1", "٣", "many", "99999999999999999999",
        ])
    func noLimit(text: String) {
        #expect(throws: SecretsError.invalid([FieldFault("query.limit", "must be a number from 1 to 1000")])) {
            try ListSecretsRequest(projectID: nil, limit: text, cursor: nil)
        }
    }

    @Test("all that is wrong is named at once")
    func allFaults() throws {
        let error = try #require(throws: SecretsError.self) {
            try ListSecretsRequest(projectID: "", limit: "0", cursor: "0")
        }
        guard case .invalid(let faults) = error else { throw error }
        #expect(faults.map(\.location) == ["query.project_id", "query.limit", "query.cursor"])
    }

    @Test("a project's id may be in upper case")
    func project() throws {
        let id = "0189ABCD-EF01-4234-9678-9ABCDEF01234"
        #expect(try ListSecretsRequest(projectID: id, limit: nil, cursor: nil).project == Identifier(id))
    }
}
