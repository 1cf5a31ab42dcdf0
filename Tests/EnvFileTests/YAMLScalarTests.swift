import EnvFile
import Testing

/// Every value here is what PyYAML reads.
@Suite("Scalars of YAML")
struct YAMLScalarTests {
    /// The value of `text` behind `A:`, with another entry behind it.
    private func value(_ text: String) throws -> String {
        let entries = try parsed("A:\(text)\nZ: end", as: .yaml)
        #expect(entries.count == 2)
        #expect(entries.last == Entry(name: "Z", value: "end"))
        return entries[0].value
    }

    @Test(
        "plain scalars are their text, on one line or folded",
        arguments: [
            (" b", "b"), (" 8080", "8080"), (" true", "true"), (" 1.10 ", "1.10"), (" b#c # d", "b#c"),
            (" postgres://u:p@h:1/d?x=1#y", "postgres://u:p@h:1/d?x=1#y"), (" -b", "-b"), (" ?b", "?b"), (" :b", ":b"),
            (" b \"c\" 'd' \\n", "b \"c\" 'd' \\n"), (" $X ${X} $(id)", "$X ${X} $(id)"), ("\n  b", "b"),
            (" # c\n\n  b", "b"), (" b\n  c", "b c"), (" b \n\n   c\n\n\n  d", "b\nc\n\nd"), (" b\n  - c", "b - c"),
            ("", ""), (" ~", ""), (" null", ""), (" Null # c", ""), (" NULL", ""), (" nULL", "nULL"),
            (" null\n  b", "null b"), (" # c", ""), (" !!str", ""), (" !!str 8080", "8080"), (" !!str null", "null"),
        ])
    func plain(text: String, value: String) throws {
        #expect(try self.value(text) == value)
    }

    @Test(
        "quoted scalars are unescaped and folded",
        arguments: [
            (" ''", ""), (" 'it''s' # c", "it's"), (" 'b\\n\"'", "b\\n\""), (" 'b\n  c'", "b c"),
            (" ' b \n\n  c '", " b\nc "),
            ("\n  'b'", "b"), (" \"\"", ""), (" \"'b' # : -\"", "'b' # : -"), (" \"b\n  c\"", "b c"),
            (" \"b \t\n \n\n \t c\"", "b\n\nc"), (" \"b \\\n   c\"", "b c"), (" \"b\\\n\n  \\  c\"", "b\n  c"),
            (" \"\n  b\n  \"", " b "), (" !!str \"b\"", "b"),
            (
                #" "\a\b\t\n\v\f\r\e\"\/\\\N\_\L\P\ ""#,
                "\u{7}\u{8}\t\n\u{B}\u{C}\r\u{1B}\"/\\\u{85}\u{A0}\u{2028}\u{2029} "
            ),
            (#" "\x41\xe4\u00E4\uFFFF\U0001F600\U0010ffff""#, "Aää\u{FFFF}😀\u{10FFFF}"),
        ])
    func quoted(text: String, value: String) throws {
        #expect(try self.value(text) == value)
    }

    @Test(
        "block scalars are dedented, folded and chomped",
        arguments: [
            (" |\n  b\n   c\n\n  d", "b\n c\n\nd\n"), (" |-\n  b\n\n", "b"), (" |+\n  b\n\n", "b\n\n\n"),
            (" |\n  b\n\n", "b\n"),
            (" | # c\n  # d", "# d\n"), (" |2\n   b", " b\n"), (" |-2\n   b", " b"), (" |1-\n  b", " b"),
            (" |\n\n  b", "\nb\n"), (" |\n  b\n# c", "b\n"), (" |\n  \tb", "\tb\n"), (" |", ""), (" |+\n\n", "\n\n"),
            (" >\n  b\n  c", "b c\n"), (" >-\n  b\n\n  c\n\n\n  d", "b\nc\n\nd"),
            (" >\n  b\n    c\n  d", "b\n  c\nd\n"),
            (" >\n\n  b\n\n    c\n\n  d", "\nb\n\n  c\n\nd\n"), (" >+\n  b\n\n", "b\n\n\n"), ("\n  |\n  b", "b\n"),
            (" !!str |\n  b", "b\n"),
        ])
    func blocks(text: String, value: String) throws {
        #expect(try self.value(text) == value)
    }

    @Test("a block scalar without a last line break has none")
    func blockAtEnd() throws {
        #expect(try parsed("A: |\n  b", as: .yaml) == [Entry(name: "A", value: "b")])
        #expect(try parsed("A: >\n\n  ", as: .yaml) == [Entry(name: "A", value: "")])
    }

    @Test("CRLF and a lone CR are line breaks")
    func lineBreaks() throws {
        #expect(try parsed("A: |\r\n  b\r\n  c\r\n", as: .yaml) == [Entry(name: "A", value: "b\nc\n")])
        #expect(
            try parsed("A: \"b\r  c\"\rB: d\r", as: .yaml) == [
                Entry(name: "A", value: "b c"), Entry(name: "B", value: "d"),
            ])
    }
}
