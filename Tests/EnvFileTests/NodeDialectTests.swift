import EnvFile
import Testing

/// What is written; that Node reads it back is shown end to end, by Node itself.
@Suite("The node dialect, written")
struct NodeDialectTests {
    @Test(
        "a value stands in the quotes it does not have, double ones only if there is no backslash or no others are left",
        arguments: [
            ("plain", #"A="plain""#),
            ("", #"A="""#),
            (" #'`$\t", "A=\" #'`$\t\""),
            ("-----BEGIN\nKEY-----\n", "A=\"-----BEGIN\nKEY-----\n\""),
            (#"a"b"#, #"A='a"b'"#),
            (#"C:\new"#, #"A='C:\new'"#),
            (#"'"#, #"A="'""#),
            (#""'#"#, #"A=`"'#`"#),
            (#"'\n"#, #"A=`'\n`"#),
            (#"'`\r"#, #"A="'`\r""#),
        ])
    func quotes(value: String, line: String) throws {
        #expect(try encoded(value, as: .node) == line + "\n")
    }

    @Test(
        "a value that fits into no quotes stands without them if it can",
        arguments: [(#"a"'`b"#, #"A=a"'`b"#), (#"\n'`"#, #"A=\n'`"#), ("a \"'\t`", "A=a \"'\t`")])
    func standsBare(value: String, line: String) throws {
        #expect(try encoded(value, as: .node) == line + "\n")
    }

    @Test(
        "what Node cannot hold is refused, without repeating it",
        arguments: [
            ("a\0b", "contains NUL"),
            ("a\rb", "contains a carriage return"),
            ("a\r\n", "contains a carriage return"),
        ])
    func refuses(value: String, reason: String) {
        let error = #expect(throws: DialectError.self) { try encoded(value, as: .node) }
        #expect(error?.reason == reason)
    }

    @Test(
        "a value with all quotes is refused where it would be cut without quotes",
        arguments: ["\"'`", "a\"'`#", "a\"'`\n", " a\"'`", "a\"'` ", "a\"'`\t", "`\\n'"])
    func refusesAllQuotes(value: String) {
        let error = #expect(throws: DialectError.self) { try encoded(value, as: .node) }
        #expect(
            error?.reason
                == #"contains quotes of all kinds ("\n" counts as a double one) and cannot stand without quotes"#)
    }

    @Test(
        "a name that Node removes or changes is refused",
        arguments: ["NODE_CHANNEL_FD", "NODE_UNIQUE_ID", "NODE_V8_COVERAGE"])
    func refusesReserved(name: String) {
        let error = #expect(throws: DialectError.self) { try encoded("a", name: name, as: .node) }
        #expect(error?.reason == "is a name that Node keeps for itself")
    }
}
