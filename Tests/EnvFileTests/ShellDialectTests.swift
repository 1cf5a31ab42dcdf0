import EnvFile
import Testing

/// What is written; that bash, dash and systemd read it back is shown end to end, by the readers themselves.
@Suite("The shell dialect")
struct ShellDialectTests {
    struct Lines: ByteSink {
        var bytes: [UInt8] = []

        mutating func append(_ byte: UInt8) {
            bytes.append(byte)
        }
    }

    private func encoded(_ value: String) throws -> String {
        var lines = Lines()
        try Array(value.utf8).withUnsafeBytes { try Dialect.shell.encode(name: "A", value: $0, to: &lines) }
        return String(decoding: lines.bytes, as: UTF8.self)
    }

    @Test(
        "a value stands in double quotes, with a backslash before what the shell would take for its own",
        arguments: [
            ("plain", #"A="plain""#),
            ("", #"A="""#),
            (#"a"b"#, #"A="a\"b""#),
            (#"a\b"#, #"A="a\\b""#),
            ("$2a$10$x", #"A="\$2a\$10\$x""#),
            ("`id`", #"A="\`id\`""#),
            (" #;' ", #"A=" #;' ""#),
            ("ä𝄞", #"A="ä𝄞""#),
            ("-----BEGIN\nKEY-----\n", "A=\"-----BEGIN\nKEY-----\n\""),
            ("a\r\n\tb", "A=\"a\r\n\tb\""),
        ])
    func encodes(value: String, line: String) throws {
        #expect(try encoded(value) == line + "\n")
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b") }
        #expect(error?.reason == "contains NUL")
    }
}
