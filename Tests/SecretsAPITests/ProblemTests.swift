import SecretsAPI
import Sodium
import Testing
import Vault

@Suite struct ProblemTests {
    private static let id = Identifier("0189abcd-ef01-4234-9678-9abcdef01234")!

    private static let errors: [(SecretsError, Int)] =
        [
            (.invalid([FieldFault("body.name", "is required")]), 422), (.readOnly, 403), (.notCovered, 403),
        ]
        + ([
            (.noSuchSecret, 404), (.noSuchProject, 403), (.nameTaken, 409), (.projectExists, 409), (.locked, 423),
            (.keysChanged, 423),
            (.damaged(.file), 500), (.damaged(.keySlot), 500), (.damaged(.scope(id)), 500),
            (.damaged(.secret(id)), 500), (.damaged(.token(id)), 500), (.damaged(.row), 500),
            (.storage(.permission), 503),
            (.storage(.readOnly), 503), (.storage(.full), 503), (.storage(.busy), 503),
            (.storage(.inputOutput(5)), 503), (.noVault, 500), (.vaultExists, 500), (.notAVault(.foreign), 500),
            (.notAVault(.notAFile), 500), (.notAVault(.notSQLite), 500), (.newerSchema(2), 500),
            (.wrongPassphrase, 500), (.noSuchToken, 500), (.outOfMemory, 500),
        ] as [(VaultError, Int)]).map { (.vault($0.0), $0.1) }

    @Test("every error is a problem with its status", arguments: errors)
    func status(error: SecretsError, status: Int) {
        let problem = Problem(error)
        #expect(problem.status == status)
        #expect(problem.type.hasPrefix("urn:coffer:problem:"))
        #expect(!problem.title.isEmpty)
        #expect(problem.detail.hasSuffix("."))
        #expect((problem.errors != nil) == (status == 422))
        #expect(!text(problem).contains(Self.id.description))
    }

    @Test("a problem of one type has one title and one status")
    func types() {
        var known: [String: String] = [:]
        for problem in Self.errors.map({ Problem($0.0) }) + Self.constants {
            let description = "\(problem.status) \(problem.title)"
            #expect(known.updateValue(description, forKey: problem.type) ?? description == description)
        }
        #expect(Set(known.values).count == known.count)
    }

    private static let constants: [Problem] = [
        .notJSON, .unauthorized, .forbidden("."), .notFound("."), .methodNotAllowed, .conflict("."), .tooLarge,
        .unsupportedMediaType, .invalid([]), .locked, .internal("."), .storage("."),
    ]

    @Test("each constant has the status that HTTP gives it")
    func constants() {
        #expect(Self.constants.map(\.status) == [400, 401, 403, 404, 405, 409, 413, 415, 422, 423, 500, 503])
    }

    @Test("a project that is not covered and one that does not exist cannot be told apart")
    func projects() {
        #expect(Problem(.notCovered) == Problem(.vault(.noSuchProject)))
    }

    @Test("a problem is RFC 9457, with the faults where there are any")
    func shape() {
        #expect(
            text(Problem.locked) == """
                {"detail":"The vault is locked: unlock it first.","status":423,"title":"Locked",\
                "type":"urn:coffer:problem:locked"}
                """)
        #expect(
            text(Problem.invalid([FieldFault("body.name", "is required")])) == """
                {"detail":"The request breaks the schema; see `errors`.",\
                "errors":[{"location":"body.name","message":"is required"}],\
                "status":422,"title":"Invalid request","type":"urn:coffer:problem:invalid"}
                """)
    }
}
