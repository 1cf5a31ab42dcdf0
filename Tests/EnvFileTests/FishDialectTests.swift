import EnvFile
import Testing

@Suite("The fish dialect")
struct FishDialectTests {
    @Test(
        "a value stands in single quotes, with a backslash before a quote and a backslash",
        arguments: [
            ("plain", "'plain'"),
            ("", "''"),
            (#"it's a\b"#, #"'it\'s a\\b'"#),
            ("$A (id) \"#\" ~*", "'$A (id) \"#\" ~*'"),
            ("a\r\nb\n\tä𝄞\u{F600}", "'a\r\nb\n\tä𝄞\u{F600}'"),
            (#"あ'ä\"#, #"'あ''\'ä''\\'"#),
        ])
    func encodes(value: String, word: String) throws {
        #expect(try encoded(value, as: .fish) == "set -gx A \(word)\n")
        #expect(try parsed("set -gx A \(word)\n", as: .fish) == [Entry(name: "A", value: value)])
    }

    @Test("a value with NUL is refused")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .fish) }
        #expect(error?.reason == "contains NUL")
    }

    @Test(
        "a variable that fish keeps for itself is refused",
        arguments: ["PATH", "CDPATH", "PWD", "SHLVL", "FISH_VERSION"])
    func refusesName(name: String) {
        let error = #expect(throws: DialectError.self) { try encoded("a", name: name, as: .fish) }
        #expect(error?.reason == "is a variable that fish keeps for itself")
    }

    @Test(
        "a value is one word of fish",
        arguments: [
            ("set -gx A b", "b"),
            ("set -x -U A b # c", "b"),
            ("set --global --export A b#c", "b#c"),
            ("set -gx A", ""),
            ("set -gx A # c", ""),
            ("set -gx A -x", "-x"),
            ("export A=b", "b"),
            ("export A=", ""),
            (#"set -gx A 'a\n\''"b\n\"\$\\"c"#, #"a\n'b\n"$\c"#),
            (#"set -gx A a\ b\n\t\e\x41\X42\103\u00e4\U1F600\q"#, "a b\n\t\u{1B}ABCä😀q"),
            ("set -gx A \"a\\\nb\"c\\\nd'e\\\nf'", "abcde\\\nf"),
            ("set -gx A $B~$(c d)*", "$B~$(c d)*"),
            (#"set -gx A "$B (c) $(d e)""#, "$B (c) $(d e)"),
        ])
    func reads(line: String, value: String) throws {
        #expect(try parsed("# c\n\n  " + line, as: .fish) == [Entry(name: "A", value: value)])
        #expect(try parsed(line + "\r\n", as: .fish) == [Entry(name: "A", value: value)])
    }

    @Test(
        "what does not export one value is refused where it stands",
        arguments: [
            ("set -gx A b\nset A b", 2, 1, "expected set -gx NAME value"),
            ("set -g A b", 1, 1, "expected set -gx NAME value"),
            ("set -lx A b", 1, 1, "expected set -gx NAME value"),
            ("A=b", 1, 1, "expected set -gx NAME value"),
            ("export A", 1, 1, "expected set -gx NAME value"),
            ("set -gx ", 1, 9, "a name must not be empty or hold blanks or control characters"),
            ("set -gx A b c", 1, 13, "expected the end of the line; put a value with blanks in quotes"),
            ("set -gx A (id)", 1, 11, "fish has a use of its own for this character; put the value in quotes"),
            ("set -gx A b;", 1, 12, "fish has a use of its own for this character; put the value in quotes"),
            ("set -gx A 'b", 1, 11, "this quote is not closed"),
            (
                #"set -gx A "$(b "c")""#, 1, 16,
                "nothing is expanded here; write the value itself, or put it in single quotes"
            ),
            (#"set -gx A b\"#, 1, 12, "expected a character behind the backslash"),
            (#"set -gx A \x80"#, 1, 11, "expected the number of a character; write the character itself"),
            (#"set -gx A \ud800"#, 1, 11, "expected the number of a character; write the character itself"),
            (#"set -gx A \cA"#, 1, 11, "this escape is not read; write the character itself"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .fish) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
