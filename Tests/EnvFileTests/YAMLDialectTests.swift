import EnvFile
import Testing

/// That real readers take what is written is shown end to end, by the readers themselves.
@Suite("The yaml dialect")
struct YAMLDialectTests {
    @Test(
        "a value stands in double quotes on one line, what is not printable escaped, and is read back as it was",
        arguments: [
            ("plain", "plain"),
            ("", ""),
            ("null", "null"),
            (#"a"b\c"#, #"a\"b\\c"#),
            ("a\n\r\tb\n", #"a\n\r\tb\n"#),
            ("\u{01}\u{07}\u{1B}\u{7F}\u{80}\u{85}\u{9F}", #"\x01\x07\x1B\x7F\x80\x85\x9F"#),
            ("\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}", #"\u2028\u2029\uFEFF\uFFFE\uFFFF"#),
            (
                "\u{2027}\u{202A}\u{FEFE}\u{FFFD}\u{1FFFF}\u{10FFFF}",
                "\u{2027}\u{202A}\u{FEFE}\u{FFFD}\u{1FFFF}\u{10FFFF}"
            ),
            (" $2a$10$x '#: ä𝄞\u{A0} ", " $2a$10$x '#: ä𝄞\u{A0} "),
        ])
    func encodes(value: String, text: String) throws {
        let file = try encoded(value, as: .yaml)
        #expect(file == "A: \"\(text)\"\n")
        #expect(try parsed(file, as: .yaml) == [Entry(name: "A", value: value)])
    }

    @Test(
        "a name that YAML 1.1 takes for a truth value or null stands in quotes",
        arguments: ["Y", "YES", "ON", "TRUE", "N", "NO", "OFF", "FALSE", "NULL"])
    func quotesNames(name: String) throws {
        let file = try encoded("x", name: name, as: .yaml)
        #expect(file == "\"\(name)\": \"x\"\n")
        #expect(try parsed(file, as: .yaml) == [Entry(name: name, value: "x")])
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .yaml) }
        #expect(error?.reason == "contains NUL")
    }

    @Test("comments, marks, CRLF, a byte order mark and any indentation are read; names come as written, twice if so")
    func parsesLayout() throws {
        let file = "\u{FEFF}# c\r\n\r\n--- # c\r\n  a.b-c: d # e\r\n\t # f\r\n  'A': g\r\n  \"A\" : h\r\n...\r\n# i"
        #expect(
            try parsed(file, as: .yaml) == [
                Entry(name: "a.b-c", value: "d"), Entry(name: "A", value: "g"), Entry(name: "A", value: "h"),
            ])
        #expect(try parsed("", as: .yaml).isEmpty)
        #expect(try parsed("---\n# nothing", as: .yaml).isEmpty)
    }

    @Test(
        "what is not flat, or not YAML, is refused where it stands",
        arguments: [
            ("A: &x b", 1, 4), ("A: *x", 1, 4), ("A: !!int 1", 1, 4), ("A: !x b", 1, 4), ("A: {b: c}", 1, 4),
            ("A: [b]", 1, 4), ("A: - b", 1, 4), ("A:\n- b", 2, 1), ("A:\n  - b", 2, 3), ("A:\n  B: c", 2, 4),
            ("A:\n  \"B\": c", 2, 6), ("A: b: c", 1, 5), ("A: b:", 1, 5), ("A: ? b", 1, 4), ("? A\n: b", 1, 1),
            ("{A: b}", 1, 1), ("- A", 1, 1), ("%YAML 1.2\n---\nA: b", 1, 1), ("A: @b", 1, 4), ("A: `b", 1, 4),
            ("A: %b", 1, 4), ("A", 1, 2), ("A:b", 1, 4), ("text A: b", 1, 1), (": b", 1, 1), ("\"\": b", 1, 1),
            ("\"A\n  B\": c", 1, 1), ("A: \"b", 1, 4), ("A: 'b''", 1, 4), ("A: \"b\" c", 1, 8), ("A: \"b\"#c", 1, 7),
            ("A: \"\\q\"", 1, 5), ("A: \"\\x4\"", 1, 5), ("A: \"\\uD83D\\uDE00\"", 1, 5), ("A: \"\\U00110000\"", 1, 5),
            ("A: \"\\0\"", 1, 5), ("A: \"\\x00\"", 1, 5), ("A: \"b\nc\"", 2, 1), ("A: 'b\n'", 2, 1),
            ("A: b\n  # c\n  d", 3, 3),
            ("A: b\n B: c", 2, 3), (" A: b\nB: c", 2, 1), ("\tA: b", 1, 1), ("A: b\n\tB: c", 2, 1),
            ("A: |x\n  b", 1, 5),
            ("A: |0\n  b", 1, 5), ("A: |\n   b\n  c", 3, 3), ("A: b\n---\nC: d", 2, 1), ("A: b\n...\nC: d", 3, 1),
            ("A: \"\u{07}\"", 1, 5), ("A: b\u{85}", 1, 5), ("# \u{2028}", 1, 3), ("A: \u{FEFF}", 1, 4), ("A: \0", 1, 4),
        ])
    func refuses(file: String, line: Int, column: Int) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .yaml) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
    }
}
