import EnvFile
import Testing

@Suite("The docker dialect")
struct DockerDialectTests {
    @Test(
        "a value is the rest of the line, as it stands",
        arguments: ["", " ", "a b ", "\"a\"", "a # b", #"$A `b` \n"#, "a\rb", "ä\u{85}\u{2028}\u{FEFF}", "=", "a\t"])
    func encodes(value: String) throws {
        #expect(try encoded(value, as: .docker) == "A=\(value)\n")
        #expect(try parsed("A=\(value)\n", as: .docker) == [Entry(name: "A", value: value)])
    }

    @Test(
        "what a line cannot hold is refused",
        arguments: [
            ("a\nb", "contains a line break"),
            ("a\r\nb", "contains a line break"),
            ("a\r", "ends with a carriage return"),
            ("a\0", "contains NUL"),
            (String(repeating: "a", count: 65_534), "is too long for a line of 65,536 bytes"),
        ])
    func refuses(value: String, reason: String) {
        let error = #expect(throws: DialectError.self) { try encoded(value, as: .docker) }
        #expect(error?.reason == reason)
    }

    @Test("the longest line has 65,536 bytes")
    func encodesLongestLine() throws {
        let line = try encoded(String(repeating: "a", count: 65_533), as: .docker)
        #expect(line.utf8.count == 65_536)
    }

    @Test("comments, blank lines and white space before a name are passed over; CRLF ends a line")
    func reads() throws {
        let file = "\u{FEFF}# c\r\n\r\n \t\u{3000}\u{A0}\n A=b \r\n\u{85}#d\nc.d-e=\"f\"\r\r\nG="
        #expect(
            try parsed(file, as: .docker) == [
                Entry(name: "A", value: "b "), Entry(name: "c.d-e", value: "\"f\"\r"), Entry(name: "G", value: ""),
            ])
    }

    @Test(
        "a line without a name and a value is refused where it stands",
        arguments: [
            ("A=b\n  C\n", 2, 3, "expected NAME=value"),
            ("=b", 1, 1, "a name must not be empty or hold blanks or control characters"),
            ("export A=b", 1, 1, "a name must not be empty or hold blanks or control characters"),
            ("A =b", 1, 1, "a name must not be empty or hold blanks or control characters"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .docker) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
