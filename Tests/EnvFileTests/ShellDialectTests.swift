import EnvFile
import Testing

/// What is written; that bash, dash and systemd read it back is shown end to end, by the readers themselves.
@Suite("The shell dialect")
struct ShellDialectTests {
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
        #expect(try encoded(value, as: .shell) == line + "\n")
        #expect(try parsed(line + "\n", as: .shell) == [Entry(name: "A", value: value)])
    }

    @Test("behind a byte beyond ASCII the backslash stands in quotes of its own, so that GBK does not swallow it")
    func separatesBackslashes() throws {
        let line = #"A="あ""\$(id)ä""\\""# + "\n"
        #expect(try encoded(#"あ$(id)ä\"#, as: .shell) == line)
        #expect(try parsed(line, as: .shell) == [Entry(name: "A", value: #"あ$(id)ä\"#)])
    }

    @Test("a value with NUL is refused, without repeating it")
    func refusesNUL() {
        let error = #expect(throws: DialectError.self) { try encoded("a\0b", as: .shell) }
        #expect(error?.reason == "contains NUL")
    }

    @Test(
        "a variable that bash or dash keeps for itself is refused",
        arguments: ["UID", "PPID", "SHELLOPTS", "RANDOM", "OPTIND", "SHLVL", "COLUMNS", "HISTCMD", "BASH_ARGV0"])
    func refusesName(name: String) {
        let error = #expect(throws: DialectError.self) { try encoded("a", name: name, as: .shell) }
        #expect(error?.reason == "is a variable that bash or dash keeps for itself")
    }

    @Test(
        "a variable that a shell only reads is written",
        arguments: ["PATH", "IFS", "LC_ALL", "PS4", "BASH_ENV", "UIDS"])
    func writesName(name: String) throws {
        #expect(try encoded("a", name: name, as: .shell) == "\(name)=\"a\"\n")
    }
}
