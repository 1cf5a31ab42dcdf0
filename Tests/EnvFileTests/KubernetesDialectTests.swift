import EnvFile
import Testing

/// That real readers take what is written is shown end to end, by the readers themselves.
@Suite("The kubernetes dialect")
struct KubernetesDialectTests {
    @Test(
        "a value stands in base64 below the head of a Secret, and is read back as it was",
        arguments: [
            ("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("abcd", "YWJjZA=="), ("~~~???", "fn5+Pz8/"),
            ("ä\n", "w6QK"), ("\u{7B}\u{4D}\u{F8}", "e03DuA=="),
        ])
    func encodes(value: String, base64: String) throws {
        let file = try encoded(value, as: .kubernetes)
        #expect(
            file == """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: coffer
                type: Opaque
                data:
                  A: "\(base64)"

                """)
        #expect(try parsed(file, as: .kubernetes) == [Entry(name: "A", value: value)])
    }

    @Test("a name that YAML 1.1 takes for a truth value stands in quotes")
    func quotesNames() throws {
        #expect(try encoded("a", name: "NO", as: .kubernetes).hasSuffix("data:\n  \"NO\": \"YQ==\"\n"))
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .kubernetes) }
        #expect(error?.reason == "contains NUL")
    }

    @Test("what kubectl writes is read; what is not data is passed over, however deep and whatever it looks like")
    func parsesSecret() throws {
        let file = """
            apiVersion: v1
            data:
              # a comment
              PLAIN: YWJj
              tls.crt: |
                YWJj
                ZGVm
              QUOTED: 'YQ=='
              "EMPTY": ""
            immutable: true
            kind: "Secret"
            metadata:
              annotations:
                last-applied: |
                  {"data": {"NOT": "YQ=="}}

                  data:
                    NOT: YQ==
                note: "one
                  two: &x *y"
              labels: {app: web,
                tiers: [a, b]}
              ownerReferences:
              - kind: Deployment
                data:
                  NOT: YQ==
              - - - a
            other:
            - data
            -
              kind: List
            # data:
            type: Opaque
            """
        #expect(
            try parsed(file, as: .kubernetes) == [
                Entry(name: "PLAIN", value: "abc"), Entry(name: "tls.crt", value: "abcdef"),
                Entry(name: "QUOTED", value: "a"), Entry(name: "EMPTY", value: ""),
            ])
    }

    @Test("stringData is text, comes behind data, and wins over it")
    func stringData() throws {
        let file = "kind: Secret\nstringData:\n  A: >-\n    YQ==\n    b\n  C: d\ndata:\n  A: not base64\n  B: Yg==\n"
        #expect(
            try parsed(file, as: .kubernetes) == [
                Entry(name: "B", value: "b"), Entry(name: "A", value: "YQ== b"), Entry(name: "C", value: "d"),
            ])
    }

    @Test(
        "a Secret without data has no entries",
        arguments: ["", "data:\n", "data: {}\n", "data:\nstringData: {} # none\n", "data:\n# c\n"])
    func empty(rest: String) throws {
        #expect(try parsed("---\nkind: Secret\n\(rest)", as: .kubernetes).isEmpty)
    }

    @Test(
        "everything else is refused where it stands",
        arguments: [
            ("", 1, 1), ("data:\n  A: YQ==\n", 3, 1), ("kind: List\n", 1, 7), ("kind:\n  - Secret\n", 2, 3),
            ("{\"kind\": \"Secret\"}", 1, 1), ("kind: Secret\n---\nkind: Secret", 2, 1),
            ("kind: Secret\nkind: Secret", 2, 1),
            ("kind: Secret\ndata:\ndata:\n", 3, 1), ("kind: Secret\ndata: {}\n  A: YQ==", 3, 3),
            ("kind: Secret\ndata:\n  A: YQ==\n- B\n  C: Yg==\n", 4, 1), ("kind: Secret\ndata: {A: YQ==}", 2, 7),
            ("kind: Secret\ndata: YQ==", 2, 7),
            ("kind: Secret\ndata:\n- A\n", 3, 1), ("kind: Secret\ndata:\n  - A\n", 3, 3),
            ("kind: Secret\ndata:\n  A:\n    B: c\n", 4, 6), ("kind: Secret\ndata:\n    A: YQ==\n  B: Yg==\n", 4, 3),
            ("kind: Secret\ndata:\n  A: YQ=\n", 3, 9), ("kind: Secret\ndata:\n  A: YQ\n", 3, 8),
            ("kind: Secret\ndata:\n  A: Y\n", 3, 7),
            ("kind: Secret\ndata:\n  A: YQ==YQ==\n", 3, 10), ("kind: Secret\ndata:\n  A: Y_-=\n", 3, 7),
            ("kind: Secret\ndata:\n  A: \"Y\\x51==\"\n", 3, 8), ("kind: Secret\ndata:\n  A: ====\n", 3, 6),
            ("kind: Secret\ndata:\n  A: /w==\n", 3, 6), ("kind: Secret\ndata:\n  A: YQA=\n", 3, 6),
            ("kind: Secret\ndata:\n  A: w6\n", 3, 8),
        ])
    func refuses(file: String, line: Int, column: Int) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .kubernetes) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
    }
}
