import EnvFile
import Testing

@Suite("Reading the shell dialect")
struct ShellDialectParseTests {
    @Test(
        "a value is one shell word",
        arguments: [
            ("A=b", "b"),
            ("A=", ""),
            ("A= # c", ""),
            ("A=b#c # d", "b#c"),
            ("A = b", "b"),
            ("export A=b", "b"),
            ("export\tA='b c'", "b c"),
            (#"declare -x A="b\$c""#, "b$c"),
            (#"A='a\b'"c\d"e\f"#, #"a\bc\def"#),
            (#"A=a'"'"'"b\ c\""#, #"a"'b c""#),
            ("A='it'\\''s'", "it's"),
            ("A=\"a\\\nb\"c\\\nd", "abcd"),
            ("A='a\\\nb'", "a\\\nb"),
            ("A='a\r\nb'", "a\r\nb"),
            (#"A=$'\a\b\e\E\f\n\r\t\v\\\'\"\?\q'"#, "\u{7}\u{8}\u{1B}\u{1B}\u{C}\n\r\t\u{B}\\'\"?\\q"),
            (#"A=$'\303\244\xc3\xA4\u00e4\U1F600\1012'"#, "äää😀A2"),
            (#"A="$'a'""#, "$'a'"),
        ])
    func reads(line: String, value: String) throws {
        #expect(try parsed(line, as: .shell) == [Entry(name: "A", value: value)])
        #expect(try parsed(line + "\r\n", as: .shell) == [Entry(name: "A", value: value)])
    }

    @Test(
        "what a shell would expand stays as it stands",
        arguments: ["$B", "${B:-x y}", "$(cat x | y (z))", "`id -u`", "$", "a$", "~/b", "*.c", "$((1 + 2))"])
    func keepsExpansions(text: String) throws {
        #expect(try parsed("A=\(text)", as: .shell) == [Entry(name: "A", value: text)])
        #expect(try parsed("A=\"\(text)\"", as: .shell) == [Entry(name: "A", value: text)])
    }

    @Test("comments, blank lines and exports without a value are passed over")
    func readsFile() throws {
        let file =
            "\u{FEFF}# c\r\n\r\n; systemd's\r\n\t a.b-c='1'\r\nexport A B # c\r\nexport D=\"2\n3\"\r\ndeclare -x E"
        #expect(try parsed(file, as: .shell) == [Entry(name: "a.b-c", value: "1"), Entry(name: "D", value: "2\n3")])
    }

    @Test(
        "what is not one assignment on a line is refused where it stands",
        arguments: [
            ("A=1\nB", 2, 1, "expected NAME=value"),
            ("A=1\n =b", 2, 2, "a name must not be empty or hold blanks or control characters"),
            ("A=b c", 1, 5, "expected the end of the line; put a value with blanks in quotes"),
            ("A=b B=c", 1, 5, "expected the end of the line; put a value with blanks in quotes"),
            ("A=b\nC= c", 2, 3, "expected the value right behind the equals sign"),
            ("A=b;", 1, 4, "a shell ends the value here; put it in quotes"),
            ("A=(b c)", 1, 3, "a shell ends the value here; put it in quotes"),
            ("A=ä'b\nc", 1, 4, "this quote is not closed"),
            (#"A="b"#, 1, 3, "this quote is not closed"),
            (#"A=$'b\'"#, 1, 3, "this quote is not closed"),
            (#"A=$"b""#, 1, 3, "translated text is not read; leave out the dollar sign"),
            (#"A=b\"#, 1, 5, "expected a character behind the backslash"),
            (#"A="$(b "c")""#, 1, 8, "nothing is expanded here; write the value itself, or put it in single quotes"),
            ("A=a`b", 1, 4, "this is not closed; put the value in single quotes if it is to stand as it is"),
            (#"A=$'\xff'"#, 1, 5, "expected the bytes of a character in UTF-8"),
            (#"A=$'\303x'"#, 1, 5, "expected the bytes of a character in UTF-8"),
            (#"A=$'\xc0\x80'"#, 1, 5, "expected the bytes of a character in UTF-8"),
            (#"A=$'\ud800'"#, 1, 5, "expected a Unicode code point in hexadecimal digits"),
            (#"A=$'\cA'"#, 1, 5, "this escape is not read; write the character itself"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .shell) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
