import EnvFile
import Testing

@Suite("The github dialect")
struct GitHubDialectTests {
    @Test(
        "a value stands between two delimiters, as it is",
        arguments: ["", "a", "\n", "a\r\nb\r", "\n\na=b\n<<\n", "$A `b` \\n \"#\"", "ä𝄞\u{85}\u{2028}\u{FEFF}"])
    func encodes(value: String) throws {
        let file = "A<<COFFER_EOF\n\(value)\nCOFFER_EOF\n"
        #expect(try encoded(value, as: .github) == file)
        #expect(try parsed(file, as: .github) == [Entry(name: "A", value: value)])
    }

    @Test(
        "the delimiter is none of the value's lines, whatever ends them",
        arguments: [
            ("COFFER_EOF", "COFFER_EOF_"),
            ("a\nCOFFER_EOF__\nCOFFER_EOF_\nb", "COFFER_EOF___"),
            ("COFFER_EOF\r\n", "COFFER_EOF_"),
            ("xCOFFER_EOF\nCOFFER_EOFx", "COFFER_EOF"),
        ])
    func choosesDelimiter(value: String, delimiter: String) throws {
        let file = "A<<\(delimiter)\n\(value)\n\(delimiter)\n"
        #expect(try encoded(value, as: .github) == file)
        #expect(try parsed(file, as: .github) == [Entry(name: "A", value: value)])
    }

    @Test("a value with NUL is refused")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .github) }
        #expect(error?.reason == "contains NUL")
    }

    @Test(
        "a variable that the runner keeps for itself is refused",
        arguments: ["NODE_OPTIONS", "GITHUB_SHA", "RUNNER_OS"])
    func refusesName(name: String) {
        let error = #expect(throws: DialectError.self) { try encoded("a", name: name, as: .github) }
        #expect(error?.reason == "is a variable that the runner keeps for itself")
    }

    @Test("a variable that the runner passes on is written", arguments: ["GITHUB_TOKEN", "CI", "PATH"])
    func writesName(name: String) throws {
        #expect(try encoded("a", name: name, as: .github) == "\(name)<<COFFER_EOF\na\nCOFFER_EOF\n")
    }

    @Test(
        "lines and delimited values are read as on Linux, or with CRLF as on Windows",
        arguments: [
            ("A=b=c <<d ", "b=c <<d "),
            ("A=", ""),
            ("A<<E\nE", ""),
            ("\n\r\nA<<E F\n\nb\nE\n E\nE F", "\nb\nE\n E"),
            ("A<<E\nb\r\nE\r\nE\n", "b\r\nE\r"),
            ("A<<E\r\nb\r\nc\r\nE\r\n", "b\r\nc"),
            ("A=b\r\n", "b"),
            ("A<<=\nb\n=\n", "b"),
        ])
    func reads(file: String, value: String) throws {
        #expect(try parsed(file, as: .github) == [Entry(name: "A", value: value)])
    }

    @Test(
        "what the runner would not read is refused where it stands",
        arguments: [
            ("A=b\n# c", 2, 1, "expected NAME=value or NAME<<DELIMITER"),
            ("A<b", 1, 1, "expected NAME=value or NAME<<DELIMITER"),
            ("A<<\nb", 1, 4, "a delimiter should stand here"),
            ("A<<E\nb\nE ", 1, 4, "expected a line with this delimiter alone behind the value"),
            ("=b", 1, 1, "a name must not be empty or hold blanks or control characters"),
            (" A=b", 1, 1, "a name must not be empty or hold blanks or control characters"),
        ])
    func refuses(file: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .github) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
        #expect(error?.reason == reason)
    }
}
