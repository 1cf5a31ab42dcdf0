import EnvFile
import Testing

/// What is written; that python-dotenv reads it back is shown end to end, by python-dotenv itself.
@Suite("The dotenv dialect, written")
struct DotenvDialectTests {
    @Test(
        "a value stands in double quotes, with a backslash before a quote or a backslash and line breaks as escapes",
        arguments: [
            ("plain", #"A="plain""#),
            ("", #"A="""#),
            (#"a"b"#, #"A="a\"b""#),
            (#"a\b"#, #"A="a\\b""#),
            (#"\""#, #"A="\\\"""#),
            (" #;' ", #"A=" #;' ""#),
            ("a\tb`", "A=\"a\tb`\""),
            ("ä𝄞\u{2028}\u{85}\u{1C}", "A=\"ä𝄞\u{2028}\u{85}\u{1C}\""),
            ("-----BEGIN\nKEY-----\n", #"A="-----BEGIN\nKEY-----\n""#),
            ("a\r\nb", #"A="a\r\nb""#),
        ])
    func escapes(value: String, line: String) throws {
        #expect(try encoded(value, as: .dotenv) == line + "\n")
    }

    @Test(
        "a value with '$' stands in single quotes if nothing in it is special there",
        arguments: [
            ("$2a$10$x", "A='$2a$10$x'"),
            ("$\n\"", "A='$\n\"'"),
            ("$'", #"A="$'""#),
            (#"$\"#, #"A="$\\${:-}""#),
            ("$\r", #"A="$\r""#),
        ])
    func quotesDollars(value: String, line: String) throws {
        #expect(try encoded(value, as: .dotenv) == line + "\n")
    }

    @Test(
        "what would be expanded is written with a default, and what would hide the closing quote with an empty one",
        arguments: [
            ("${HOME}", "A=\"${:-$}{HOME}\""),
            ("$${", "A=\"$${:-$}{\""),
            ("${:-$}", "A=\"${:-$}{:-$}\""),
            (#"C:\"#, #"A="C:\\${:-}""#),
        ])
    func defaults(value: String, line: String) throws {
        #expect(try encoded(value, as: .dotenv) == line + "\n")
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .dotenv) }
        #expect(error?.reason == "contains NUL")
    }
}
