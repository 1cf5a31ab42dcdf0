import EnvFile
import Testing

@Suite("The dotenv dialect, read")
struct DotenvParsingTests {
    @Test(
        "an entry is read by python-dotenv's grammar",
        arguments: [
            ("A=", ""),
            ("A=b", "b"),
            ("A = b \t\u{A0}\u{1C}\n", "b"),
            ("\u{FEFF}A=b", "b"),
            ("# one\n\n \t# two\n  A=b  # three\n#", "b"),
            ("export A=b", "b"),
            ("export\t A=b", "b"),
            ("'A'=b", "b"),
            ("A=b c", "b c"),
            ("A=b#c", "b#c"),
            ("A=#b", "#b"),
            ("A= #b", ""),
            ("A=b\t#c #d", "b"),
            ("A=b=c", "b=c"),
            (#"A=b\n"c"#, #"b\n"c"#),
            (#"A="b\\\'\"\a\b\f\n\r\t\v\$\x" #c"#, "b\\'\"\u{7}\u{8}\u{C}\n\r\t\u{B}\\$\\x"),
            (#"A='b\\\'\n"' "#, #"b\'\n""#),
            ("A=\"b\r\n c\rd\"\r\n", "b\n c\nd"),
            ("A='b\n#c\n'", "b\n#c\n"),
            ("A=$B${B}$(b)`b`${B:-c}", "$B${B}$(b)`b`${B:-c}"),
            (#"A="${:-$}{B}${:-$$}""#, "${B}${:-$$}"),
            (#"A="b\\${:-}""#, #"b\"#),
        ])
    func reads(file: String, value: String) throws {
        #expect(try parsed(file, as: .dotenv) == [Entry(name: "A", value: value)])
    }

    @Test("entries come in order, whatever ends the lines, with names as written")
    func order() throws {
        let file = "b.c=1\rA-B=2\r\n\n a='3'\nb.c=\"4\"\u{2028}\n"
        #expect(
            try parsed(file, as: .dotenv) == [
                Entry(name: "b.c", value: "1"), Entry(name: "A-B", value: "2"), Entry(name: "a", value: "3"),
                Entry(name: "b.c", value: "4"),
            ])
    }

    @Test(
        "what python-dotenv would pass over is refused, with its place",
        arguments: [
            ("A", 1, 2, "a name must be followed by '='"),
            ("A=1\nB C=2", 2, 3, "a name must be followed by '='"),
            ("A: 1", 1, 4, "a name must be followed by '='"),
            ("export\n", 1, 7, "a name must be followed by '='"),
            ("=1", 1, 1, "a name must not be empty or hold blanks or control characters"),
            ("A=1\n\u{1}=2", 2, 1, "a name must not be empty or hold blanks or control characters"),
            ("'A=1", 1, 1, "a quote around a name must be closed"),
            ("A=1\r\nB= \"2\\\"\n", 2, 4, "a quote must be closed"),
            ("A='1\nB=2", 1, 3, "a quote must be closed"),
            ("ä=''ö", 1, 5, "nothing but a comment, behind '#', may follow a closing quote"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .dotenv) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
