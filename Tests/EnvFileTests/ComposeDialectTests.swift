import EnvFile
import Testing

/// What is written; that Docker Compose 1 and 2 read it back is shown end to end, by version 1 and by the rules of 2.
@Suite("The compose dialect, written")
struct ComposeDialectTests {
    @Test(
        "a value stands in double quotes, with a backslash before a quote or a backslash and line breaks as escapes",
        arguments: [
            ("plain", #"A="plain""#),
            ("", #"A="""#),
            (#"a"b\c"#, #"A="a\"b\\c""#),
            (" #;'` ", #"A=" #;'` ""#),
            ("ä𝄞\t\u{85}", "A=\"ä𝄞\t\u{85}\""),
            ("-----BEGIN\nKEY-----\r\n", #"A="-----BEGIN\nKEY-----\r\n""#),
        ])
    func escapes(value: String, line: String) throws {
        #expect(try encoded(value, as: .compose) == line + "\n")
    }

    @Test(
        "a value with '$' stands in single quotes if nothing in it is special there",
        arguments: [("$2a$10$x", "A='$2a$10$x'"), ("$$\n\"{", "A='$$\n\"{'")])
    func quotesDollars(value: String, line: String) throws {
        #expect(try encoded(value, as: .compose) == line + "\n")
    }

    @Test(
        "otherwise '$' is two variables of which one reads as '$' to version 1 and the other to version 2",
        arguments: [
            ("${B}", #"A="${coffer_unset-$$}${coffer_unset+:-$}{B}""#),
            ("'$", #"A="'${coffer_unset-$$}${coffer_unset+:-$}""#),
            ("$\r", #"A="${coffer_unset-$$}${coffer_unset+:-$}\r""#),
            (#"\$"#, #"A="\\${coffer_unset-$$}${coffer_unset+:-$}""#),
        ])
    func spellsDollars(value: String, line: String) throws {
        #expect(try encoded(value, as: .compose) == line + "\n")
    }

    @Test("a backslash at the end is kept from the closing quote, which version 1 would overlook")
    func guardsClosingQuote() throws {
        #expect(try encoded(#"C:\"#, as: .compose) == #"A="C:\\${coffer_unset-}""# + "\n")
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .compose) }
        #expect(error?.reason == "contains NUL")
    }
}
