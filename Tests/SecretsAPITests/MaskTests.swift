import SecretsAPI
import Testing

@Suite struct MaskTests {
    private let bullets = "••••••••"

    @Test("shows the first 3 and the last 4 code points where 9 stay hidden")
    func shown() throws {
        #expect(try SecretValue("0123456789abcdef").mask == "012••••••••cdef")
        #expect(try SecretValue("ghp_" + String(repeating: "x", count: 36)).mask == "ghp••••••••xxxx")
        #expect(try SecretValue(String(repeating: "x", count: 10_000)).mask == "xxx••••••••xxxx")
    }

    @Test("shows nothing of a shorter one, not even its length", arguments: [1, 2, 7, 8, 15])
    func short(count: Int) throws {
        #expect(try SecretValue(String(repeating: "x", count: count)).mask == bullets)
        #expect(try SecretValue(String(repeating: "🔑", count: count)).mask == bullets)
    }

    @Test("counts code points, neither bytes nor what looks like one character")
    func codePoints() throws {
        #expect(try SecretValue(String(repeating: "é", count: 15)).mask == bullets)
        #expect(try SecretValue(String(repeating: "é", count: 16)).mask == "ééé••••••••éééé")
        #expect(try SecretValue(String(repeating: "🔑", count: 16)).mask == "🔑🔑🔑••••••••🔑🔑🔑🔑")
        // 8 characters to the eye, 16 code points.
        #expect(try SecretValue(String(repeating: "e\u{301}", count: 8)).mask == "e•e••••••••" + "e•e•")
        #expect(try SecretValue(String(repeating: "\r\n", count: 8)).mask == "•••" + bullets + "••••")
    }

    @Test(
        "shows a bullet for what could act on the terminal or on its neighbours",
        arguments: [
            // Controls, line breaks of all kinds, escape, delete, C1.
            "\u{1}", "\u{7}", "\u{8}", "\t", "\n", "\r", "\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{2028}",
            "\u{2029}",
            // Direction: marks, embeddings, overrides, isolates.
            "\u{200e}", "\u{200f}", "\u{61c}", "\u{202a}", "\u{202e}", "\u{2066}", "\u{2069}",
            // Joiners, marks, variation selectors, tags, invisible ones.
            "\u{200d}", "\u{200b}", "\u{ad}", "\u{feff}", "\u{301}", "\u{20dd}", "\u{903}", "\u{fe0f}", "\u{e0100}",
            "\u{e0041}",
            // Private and unassigned.
            "\u{e000}", "\u{10ffff}", "\u{378}",
        ])
    func bullet(text: String) throws {
        let scalar = try #require(text.unicodeScalars.last)
        for position in [0, 1, 2, 12, 13, 14, 15] {
            var scalars = Array("0123456789abcdef".unicodeScalars)
            scalars[position] = scalar
            var expected = Array("012••••••••cdef".unicodeScalars)
            expected[position < 3 ? position : position - 1] = "•"
            var value = String.UnicodeScalarView()
            value.append(contentsOf: scalars)
            #expect(try Array(SecretValue(String(value)).mask.unicodeScalars) == expected)
        }
    }

    @Test("fits into the 64 bytes that the vault's format has for it")
    func size() throws {
        let widest = try SecretValue(String(repeating: "🔑", count: 16))
        #expect(widest.mask.utf8.count == 52)
    }
}
