import SecretsAPI
import Testing

@Suite struct SecretNameTests {
    @Test(
        "accepts what the hosted API does",
        arguments: ["A", "Z", "A1", "A_", "A__B", "API_KEY", "Z9_0", String(repeating: "N", count: 128)])
    func good(name: String) {
        #expect(SecretName.fault(in: name) == nil)
    }

    @Test(
        "refuses everything else",
        arguments: [
            "a", "aA", "Aa", "API_KEy", "1A", "_A", "9", "_", "A-B", "A.B", "A B", " A", "A ", "A\t", "A=B", "A$", "$A",
            "A\n", "A\r", "A\r\n", "\nA", "A\nB", "A\0", "\0", "A\u{2028}", "A\u{7f}",
            // Digits and letters of other scripts, full width, composed and decomposed.
            "A٣", "A３", "А", "AÉ", "ＡＢ", "A\u{301}", "E\u{301}", "ΑΒ", "Aſ", "A\u{200b}", "🔑",
        ])
    func bad(name: String) {
        #expect(SecretName.fault(in: name) == "must start with A to Z and contain only A to Z, 0 to 9 and _")
    }

    @Test("counts 1 to 128 characters")
    func length() {
        #expect(SecretName.fault(in: "") == "must not be empty")
        #expect(SecretName.fault(in: String(repeating: "N", count: 129)) == "must be at most 128 characters long")
        #expect(SecretName.fault(in: String(repeating: "🔑", count: 1_000_000)) == "must be at most 128 characters long")
    }

    @Test(
        "a name in another form has one in this",
        arguments: [
            ("github_token", "GITHUB_TOKEN"), ("github-token", "GITHUB_TOKEN"), ("github.token", "GITHUB_TOKEN"),
            ("githubToken", "GITHUB_TOKEN"), ("GitHubToken", "GIT_HUB_TOKEN"), ("HTTPProxy", "HTTP_PROXY"),
            ("key2value", "KEY2VALUE"), ("key2Value", "KEY2_VALUE"), ("a", "A"), ("A", "A"), ("A_B", "A_B"),
        ])
    func upperSnakeCase(name: String, expected: String) {
        #expect(SecretName.upperSnakeCase(name) == expected)
    }

    @Test(
        "a name that begins with no letter, or has others than ASCII's, has none",
        arguments: ["", "_a", "2fa", "-a", "größe", "a b", "a\n", "a+b", "a/b", String(repeating: "a", count: 129)])
    func noUpperSnakeCase(name: String) {
        #expect(SecretName.upperSnakeCase(name) == nil)
    }
}
