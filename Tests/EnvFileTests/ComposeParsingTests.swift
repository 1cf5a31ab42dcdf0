import EnvFile
import Testing

@Suite("The compose dialect, read")
struct ComposeParsingTests {
    @Test(
        "an entry is read by the grammar of version 2",
        arguments: [
            ("A=", ""),
            ("A=b", "b"),
            ("A: b", "b"),
            ("\tA\u{A0}= b \u{3000}\r\n", "b"),
            ("\u{FEFF}A=b", "b"),
            ("# one\n\n \t# two\n  A=b  # three\n#", "b"),
            ("export  A=b", "b"),
            ("A=b c", "b c"),
            ("A=b#c\t#d", "b#c\t#d"),
            ("A=#b", "#b"),
            ("A= #b", "#b"),
            ("A=b #c #d", "b"),
            ("A=b\rc", "b\rc"),
            ("A=\u{2028}b", "\u{2028}b"),
            (#"A=b\n"c'\$$"#, #"b\n"c'\$"#),
            (
                #"A="b\\\'\"\a\b\f\n\r\t\v\$\c\0\0123\0351\0777" #c"#,
                "b\\\\'\"\u{7}\u{8}\u{C}\n\r\t\u{B}$\\c\\0Sé\\0777"
            ),
            (#"A='b\\\'\n"$$'#c"#, #"b\\'\n"$$"#),
            ("A=\"b\r\n c\"\r\n", "b\r\n c"),
            ("A='b\n#c\n'", "b\n#c\n"),
            ("A=$B${B}$(b)`b`${B:-c}", "$B${B}$(b)`b`${B:-c}"),
            (#"A="$$B$$${B}""#, "$B$${B}"),
            (#"A="${coffer_unset-$$}${coffer_unset+:-$}{B}""#, "${B}"),
            (#"A="b\\${coffer_unset-}""#, #"b\"#),
        ])
    func reads(file: String, value: String) throws {
        #expect(try parsed(file, as: .compose) == [Entry(name: "A", value: value)])
    }

    @Test("entries come in order, with names as written")
    func order() throws {
        let file = "b.c=1\r\nA-B='2'\r\n\na[0]:\"3\"\nb.c=4"
        #expect(
            try parsed(file, as: .compose) == [
                Entry(name: "b.c", value: "1"), Entry(name: "A-B", value: "2"), Entry(name: "a[0]", value: "3"),
                Entry(name: "b.c", value: "4"),
            ])
    }

    @Test(
        "a line that is no entry is refused, with its place",
        arguments: [
            ("A", 1, 2, "a name must be followed by '='"),
            ("A=1\nB C=2", 2, 3, "a name must be followed by '='"),
            ("A+B=1", 1, 2, "a name must be followed by '='"),
            ("export\n", 1, 7, "a name must be followed by '='"),
            ("=1", 1, 1, "a name must not be empty or hold blanks or control characters"),
            ("A=1\r\nB= \"2\\\"\n", 2, 4, "a quote must be closed"),
            (#"A='1\'"#, 1, 3, "a quote must be closed"),
            ("ä=\"\" B=2", 1, 6, "nothing but a comment, behind '#', may follow a closing quote"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .compose) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
