import EnvFile
import Testing

@Suite("The node dialect, read")
struct NodeParsingTests {
    @Test(
        "an entry is read by Node's grammar",
        arguments: [
            ("A=", ""),
            ("A=b", "b"),
            ("\tA\t= b \t\r\n", "b"),
            ("\u{FEFF}A=b", "b"),
            ("# one\r\n\n \t# two\n  A=b  # three\n#", "b"),
            ("export  A=b", "b"),
            ("A=b c", "b c"),
            ("A=b#c", "b"),
            ("A= #b", ""),
            ("A=b=c", "b=c"),
            (#"A=b\n"c'`"#, #"b\n"c'`"#),
            (#"A="b\n\r\\n\t" #c"#, "b\n\\r\\\n\\t"),
            (#"A='b\n\'#c"#, #"b\n\"#),
            ("A=`b\n#c\n`", "b\n#c\n"),
            ("A=\"b\r\n c\"\r\n", "b\n c"),
            ("A=$B${B}$(b)${B:-c}", "$B${B}$(b)${B:-c}"),
            ("A=\u{A0}b\u{B}", "\u{A0}b\u{B}"),
        ])
    func reads(file: String, value: String) throws {
        #expect(try parsed(file, as: .node) == [Entry(name: "A", value: value)])
    }

    @Test("entries come in order, with names as written")
    func order() throws {
        let file = "b.c= \r\nA-B='2'\r\n\na=`3`\nb.c=4"
        #expect(
            try parsed(file, as: .node) == [
                Entry(name: "b.c", value: ""), Entry(name: "A-B", value: "2"), Entry(name: "a", value: "3"),
                Entry(name: "b.c", value: "4"),
            ])
    }

    @Test(
        "what Node would pass over or misread is refused, with its place",
        arguments: [
            ("A", 1, 2, "a name must be followed by '='"),
            ("A=1\nB\nC=2", 2, 2, "a name must be followed by '='"),
            ("A=1\nB C=2", 2, 3, "a name must be followed by '='"),
            ("export\tA=1", 1, 8, "a name must be followed by '='"),
            ("=1", 1, 1, "a name must not be empty or hold blanks or control characters"),
            ("A=1\r\nB= \"2\n", 2, 4, "a quote must be closed"),
            ("A='it's'", 1, 7, "nothing but a comment, behind '#', may follow a closing quote"),
            ("ä=\"\\\"\"", 1, 6, "nothing but a comment, behind '#', may follow a closing quote"),
            ("A=1\rB=2", 1, 4, "a carriage return may stand only before a line feed"),
            ("A=\"1\r\"", 1, 5, "a carriage return may stand only before a line feed"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .node) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
