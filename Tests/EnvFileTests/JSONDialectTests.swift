import EnvFile
import Testing

/// That real readers take what is written is shown end to end, by the readers themselves.
@Suite("The json dialect")
struct JSONDialectTests {
    @Test(
        "a value is escaped where RFC 8259 demands it, and read back as it was",
        arguments: [
            ("plain", "plain"),
            ("", ""),
            (#"a"b\c/d"#, #"a\"b\\c/d"#),
            ("a\n\r\tb", #"a\n\r\tb"#),
            ("\u{01}\u{08}\u{1B}\u{1F}", #"\u0001\u0008\u001B\u001F"#),
            ("$2a$10$x 'ä𝄞'\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFF}", "$2a$10$x 'ä𝄞'\u{7F}\u{85}\u{2028}\u{FEFF}\u{FFFF}"),
        ])
    func encodes(value: String, text: String) throws {
        let file = try encoded(value, as: .json)
        #expect(file == "{\n  \"A\": \"\(text)\"\n}\n")
        #expect(try parsed(file, as: .json) == [Entry(name: "A", value: value)])
    }

    @Test("several entries stand one per line, none make an empty object")
    func encodesSeveral() throws {
        var lines = Lines()
        Dialect.json.begin(&lines)
        for (index, name) in ["A", "B"].enumerated() {
            try Array("x".utf8).withUnsafeBytes {
                try Dialect.json.encode(name: name, value: $0, isFirst: index == 0, to: &lines)
            }
        }
        Dialect.json.end(&lines)
        #expect(String(decoding: lines.bytes, as: UTF8.self) == "{\n  \"A\": \"x\",\n  \"B\": \"x\"\n}\n")

        var empty = Lines()
        Dialect.json.begin(&empty)
        Dialect.json.end(&empty)
        #expect(try parsed(String(decoding: empty.bytes, as: UTF8.self), as: .json).isEmpty)
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .json) }
        #expect(error?.reason == "contains NUL")
    }

    @Test(
        "strings, numbers and truth values are read",
        arguments: [
            (#""a\"b\\c\/d\b\f\n\r\t""#, "a\"b\\c/d\u{08}\u{0C}\n\r\t"),
            (#""\u00e4\u00E4\uFFFF""#, "ää\u{FFFF}"),
            (#""\ud83d\ude00\uDBFF\uDFFF""#, "😀\u{10FFFF}"),
            ("\"\u{7F}\u{2028}$X ${X} $(id)\"", "\u{7F}\u{2028}$X ${X} $(id)"),
            ("8080", "8080"), ("-0", "-0"), ("1.50", "1.50"), ("-12.0E+10", "-12.0E+10"), ("1e5", "1e5"),
            ("true", "true"), ("false", "false"), (#""""#, ""),
        ])
    func parses(text: String, value: String) throws {
        #expect(try parsed("{\"A\": \(text)}", as: .json) == [Entry(name: "A", value: value)])
    }

    @Test("blanks, a byte order mark and CRLF are passed over; names come as written, twice if they stand twice")
    func parsesLayout() throws {
        let file = "\u{FEFF}\r\n{\t\"a.b-c\" : \"1\" ,\r\n \"\\u0041\":\"2\",\"A\":\"3\"}\r\n "
        #expect(
            try parsed(file, as: .json) == [
                Entry(name: "a.b-c", value: "1"), Entry(name: "A", value: "2"), Entry(name: "A", value: "3"),
            ])
        #expect(try parsed("{ }", as: .json).isEmpty)
    }

    @Test("positions count lines and code points")
    func positions() throws {
        var entries = Entries()
        try Array("{\"ä𝄞\": 1, \"B\": 2,\r\n\n  \"C\": 3}".utf8).withUnsafeBytes {
            try Dialect.json.parse($0, into: &entries)
        }
        #expect(entries.positions.map(\.line) == [1, 1, 3])
        #expect(entries.positions.map(\.column) == [2, 11, 3])
    }

    @Test(
        "everything else is refused where it stands",
        arguments: [
            ("", 1, 1), ("[]", 1, 1), ("\"A\"", 1, 1), ("{", 1, 2), ("{\"A\"", 1, 5), ("{\"A\": \"b\"", 1, 10),
            ("{\"A\": \"b", 1, 7), ("{\"A\": \"b\",}", 1, 11), ("{\"A\": \"b\"} x", 1, 12), ("{A: \"b\"}", 1, 2),
            ("{'A': 'b'}", 1, 2), ("{\"A\": null}", 1, 7), ("{\"A\": [\"b\"]}", 1, 7), ("{\"A\": {}}", 1, 7),
            ("{\"A\": \"b\nc\"}", 1, 9), ("{\"A\": \"b\tc\"}", 1, 9), ("{\"A\": \"\\x41\"}", 1, 8),
            ("{\"A\": \"\\u00g0\"}", 1, 8), ("{\"A\": \"\\u0000\"}", 1, 8), ("{\"A\": \"\\ud83d\"}", 1, 8),
            ("{\"A\": \"\\ud83d\\u0041\"}", 1, 8), ("{\"A\": \"\\ude00\\ud83d\"}", 1, 8), ("{\"A\": \"\\", 1, 8),
            ("{\"A\": 01}", 1, 8), ("{\"A\": -}", 1, 8), ("{\"A\": 1.}", 1, 9), ("{\"A\": 1e}", 1, 9),
            ("{\"A\": +1}", 1, 7), ("{\"A\": .5}", 1, 7), ("{\"A\": NaN}", 1, 7), ("{\"A\": tru}", 1, 7),
            ("{\"\": \"b\"}", 1, 2), ("{\"A B\": \"c\"}", 1, 2), ("{\"A\\n\": \"c\"}", 1, 2),
            ("{\n  // no comments\n}", 2, 3), ("{\"A\": \"b\"\n \"C\": \"d\"}", 2, 2),
        ])
    func refuses(file: String, line: Int, column: Int) {
        let error = #expect(throws: ParseError.self) { try parsed(file, as: .json) }
        #expect(error?.position.line == line)
        #expect(error?.position.column == column)
    }
}
