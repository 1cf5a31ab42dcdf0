import Testing

@testable import TaskRuntime

/// Each form against what other programs write: coreutils, xxd, openssl, Python, JavaScript, bash.
@Suite struct FormTests {
    /// A value with something for everyone to escape, and a line break at its end.
    static let value = "pässwörd 😀/\"1\" it's $~<&>+%\n"
    /// The printable ASCII characters, long enough to be wrapped.
    static let long = [UInt8](32..<127)

    private func write(_ form: Form, _ value: String = value) -> String {
        String(decoding: form.bytes(of: Array(value.utf8)), as: UTF8.self)
    }

    private func writeLong(_ form: Form) -> String {
        String(decoding: form.bytes(of: Self.long), as: UTF8.self)
    }

    @Test("plain, and as words that a shell puts a blank between")
    func plain() {
        #expect(write(.plain) == Self.value)
        #expect(write(.words, "  one\t\n two three\n\n") == "one two three")
    }

    @Test("with line breaks as a terminal shows them, wherever a form has some")
    func terminal() {
        for form in Form.all where form.mayBreakLines(for: Self.long.withUnsafeBytes { Repertoire($0) }) {
            let bytes = form.bytes(of: Self.long)
            let shown = form.bytes(of: Self.long, onTerminal: true)
            #expect(shown == bytes.flatMap { $0 == UInt8(ascii: "\n") ? [UInt8(ascii: "\r"), $0] : [$0] })
        }
        let text = Array("a 'quoted'\n\"text\" of $3\n".utf8)
        for form in Form.all where form.bytes(of: text).contains(UInt8(ascii: "\n")) {
            #expect(form.mayBreakLines(for: text.withUnsafeBytes { Repertoire($0) }))
        }
    }

    @Test("base64, but for what neighbours or padding take part in")
    func base64() {
        #expect(write(.base64(.standard, before: 0)) == "cMOkc3N3w7ZyZCDwn5iALyIxIiBpdCdzICR+PCY+KyUK")
        let one = write(.base64(.standard, before: 1))
        #expect("eHDDpHNzd8O2cmQg8J+YgC8iMSIgaXQncyAkfjwmPislCg==" == "eH" + one + "g==")
        let two = write(.base64(.standard, before: 2))
        #expect("eHlww6Rzc3fDtnJkIPCfmIAvIjEiIGl0J3MgJH48Jj4rJQo=" == "eHl" + two + "o=")
        #expect(write(.base64(.url, before: 0)) == "cMOkc3N3w7ZyZCDwn5iALyIxIiBpdCdzICR-PCY-KyUK")
        #expect(write(.base64(.url, before: 1)) == "DDpHNzd8O2cmQg8J-YgC8iMSIgaXQncyAkfjwmPislC")
    }

    @Test("base64 in lines, of 76 characters and of 64")
    func wrappedBase64() {
        let first = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5P"
        let rest = "WVpbXF1eX2BhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX"
        #expect(
            writeLong(.wrappedBase64(.standard, width: 76)) == first + "UFFSU1RVVldY\n" + rest)
        #expect(
            writeLong(.wrappedBase64(.url, width: 64)) == first + "\nUFFSU1RVVldY" + rest)
    }

    @Test("hexadecimal, in both cases and in lines of 60")
    func hex() {
        let lower = "70c3a4737377c3b6726420f09f98802f223122206974277320247e3c263e\n2b250a"
        #expect(write(.wrappedHex(.lower)) == lower)
        #expect(write(.wrappedHex(.upper)) == lower.uppercased())
        #expect(write(.hex(.lower)) == lower.filter { $0 != "\n" })
        #expect(write(.hex(.upper)) == lower.uppercased().filter { $0 != "\n" })
    }

    @Test(
        "percent-encoded, by everyone's idea of what to keep",
        arguments: [
            (.unreserved, false, "p%C3%A4ssw%C3%B6rd%20%F0%9F%98%80%2F%221%22%20it%27s%20%24~%3C%26%3E%2B%25%0A"),
            (.unreserved, true, "p%C3%A4ssw%C3%B6rd+%F0%9F%98%80%2F%221%22+it%27s+%24~%3C%26%3E%2B%25%0A"),
            (.path, false, "p%C3%A4ssw%C3%B6rd%20%F0%9F%98%80/%221%22%20it%27s%20%24~%3C%26%3E%2B%25%0A"),
            (.form, true, "p%C3%A4ssw%C3%B6rd+%F0%9F%98%80%2F%221%22+it%27s+%24%7E%3C%26%3E%2B%25%0A"),
            (.component, false, "p%C3%A4ssw%C3%B6rd%20%F0%9F%98%80%2F%221%22%20it's%20%24~%3C%26%3E%2B%25%0A"),
            (.uri, false, "p%C3%A4ssw%C3%B6rd%20%F0%9F%98%80/%221%22%20it's%20$~%3C&%3E+%25%0A"),
            (.userinfo, false, "p%C3%A4ssw%C3%B6rd%20%F0%9F%98%80%2F%221%22%20it's%20$~%3C&%3E+%%0A"),
        ] as [(PercentForm.Kept, Bool, String)])
    func percent(kept: PercentForm.Kept, blankAsPlus: Bool, expected: String) {
        #expect(write(.percent(kept, .upper, blankAsPlus: blankAsPlus)) == expected)
    }

    @Test("percent-encoded, in lower case and in full")
    func percentVariants() {
        #expect(write(.percent(.unreserved, .lower, blankAsPlus: false), "a/Ö b") == "a%2f%c3%96%20b")
        #expect(write(.percent(.none, .upper, blankAsPlus: false), "a/Ö b") == "%61%2F%C3%96%20%62")
        #expect(write(.percent(.formWithoutAsterisk, .upper, blankAsPlus: true), "a*~ -._") == "a%2A%7E+-._")
    }

    @Test("within a JSON string, in the ways that encoders choose")
    func json() {
        #expect(write(.json(JSONForm())) == #"pässwörd 😀/\"1\" it's $~<&>+%\n"#)
        #expect(write(.json(JSONForm(isASCII: true))) == #"p\u00e4ssw\u00f6rd \ud83d\ude00/\"1\" it's $~<&>+%\n"#)
        #expect(
            write(.json(JSONForm(isASCII: true, letters: .upper, escapesSolidus: true)))
                == #"p\u00E4ssw\u00F6rd \uD83D\uDE00\/\"1\" it's $~<&>+%\n"#)
        #expect(write(.json(JSONForm(safety: .go))) == #"pässwörd 😀/\"1\" it's $~\u003c\u0026\u003e+%\n"#)
        #expect(
            write(.json(JSONForm(isASCII: true, letters: .upper, safety: .dotNet)))
                == #"p\u00E4ssw\u00F6rd \uD83D\uDE00/\u00221\u0022 it\u0027s $~\u003C\u0026\u003E\u002B%\n"#)
        #expect(write(.json(JSONForm()), "\u{8}\t\u{c}\r\u{1b}\u{7f}\\") == #"\b\t\f\r\u001b"# + "\u{7f}" + #"\\"#)
        #expect(write(.json(JSONForm(isASCII: true)), "\u{7f}\u{2028}") == #"\u007f\u2028"#)
    }

    @Test("a value that is not UTF-8 goes through JSON as it is")
    func malformed() {
        let value: [UInt8] = [0xff, 0xc3, 0x22, 0xe2, 0x82, 0x80, 0xc0, 0xf0, 0x9f]
        let expected: [UInt8] = [0xff, 0xc3, 0x5c, 0x22] + Array(#"\u2080"#.utf8) + [0xc0, 0xf0, 0x9f]
        #expect(Form.json(JSONForm(isASCII: true)).bytes(of: value) == expected)
    }

    @Test("quoted for a shell, in the ways that shells and libraries choose")
    func shell() {
        #expect(write(.shell(.single)) == #"pässwörd 😀/"1" it'\''s $~<&>+%"# + "\n")
        #expect(write(.shell(.singleSplit)) == #"pässwörd 😀/"1" it'"'"'s $~<&>+%"# + "\n")
        #expect(write(.shell(.double), "a\"b\\c$d`e!") == #"a\"b\\c\$d\`e!"#)
        #expect(write(.shell(.backslash), String(Self.value.dropLast())) == #"pässwörd\ 😀/\"1\"\ it\'s\ \$~\<\&\>+%"#)
        #expect(write(.shell(.backslash), "~a:~b=~c~,#") == #"\~a:\~b=\~c~\,#"#)
        #expect(write(.shell(.backslash), "#[]{}^!") == ##"\#\[\]\{\}\^\!"##)
        #expect(write(.shell(.ansi)) == #"pässwörd 😀/"1" it\'s $~<&>+%\n"#)
        #expect(write(.shell(.ansiOctal)) == #"p\303\244ssw\303\266rd \360\237\230\200/"1" it\'s $~<&>+%\n"#)
        #expect(write(.shell(.ansi), "\u{1b}[0m\u{1}\u{7f}\t\\") == #"\E[0m\001\177\t\\"#)
    }

    @Test("every form is replaced, with what stands around it left alone", arguments: Form.all)
    func replacement(form: Form) {
        for value in [Array(Self.value.utf8), Self.long, Array("simple0123".utf8), Array("a b c d/e\nf".utf8)] {
            let automaton = Automaton.finding([(name: "A", value: value)])
            let text = Array("<<".utf8) + form.bytes(of: value) + Array(">>".utf8)
            #expect(automaton.redacting([text]) == Array("<<{{$A}}>>".utf8))
        }
    }

    @Test("a form that is left out for some characters is equal to one that is not", arguments: 0..<400)
    func distinctness(seed: Int) {
        var random = RedactionPropertyTests.Seeded(state: UInt64(seed))
        let scalars = (1...Int.random(in: 1...5, using: &random)).map { _ in
            UnicodeScalar(UInt32.random(in: 1...0x80 + 0x20, using: &random))!
        }
        let text = (0..<Int.random(in: 6...80, using: &random)).map { _ in scalars.randomElement(using: &random)! }
        let value = Array(String(String.UnicodeScalarView(text)).utf8)
        let characters = value.withUnsafeBytes { Repertoire($0) }
        let kept = Set(Form.all.filter { $0.isDistinct(for: characters) }.map { $0.bytes(of: value) })
        for form in Form.all { #expect(kept.contains(form.bytes(of: value)), "\(form)") }
    }
}
