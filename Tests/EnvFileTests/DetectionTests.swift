import EnvFile
import Testing

@Suite("Detection")
struct DetectionTests {
    private func detected(_ fileName: String?, _ file: String) -> Dialect {
        Array(file.utf8).withUnsafeBytes { Dialect.detect(fileName: fileName, $0) }
    }

    @Test(
        "the end of the name decides",
        arguments: [
            ("a.json", Dialect.json), ("A.JSON", .json), ("a.yaml", .yaml), ("a.env.yml", .yaml), (".yaml", .yaml),
            ("config.fish", .fish), ("a.sh", .shell), ("a.bash", .shell), ("a.zsh", .shell),
            ("/home/me/.envrc", .shell),
            (".env", .dotenv), (".env.local", .dotenv), ("prod.env", .dotenv), ("env", .dotenv), ("json", .json),
            ("", .dotenv),
        ])
    func byName(fileName: String, dialect: Dialect) {
        #expect(detected(fileName, "A=b\n") == dialect)
    }

    @Test(
        "without such a name, the content decides",
        arguments: [
            ("", Dialect.dotenv), ("A=b\n", .dotenv), ("export A=b\n", .dotenv), ("# c\n\nA=\"{\"\n", .dotenv),
            ("A\n", .dotenv),
            ("A=b: c\n", .dotenv), ("{\"A\": \"b\"}", .json), ("\u{FEFF}\n\n  {\n", .json), ("A: b\n", .yaml),
            ("# c\r\n\r\na.b-c:\r\n", .yaml), ("---\nA: b\n", .yaml), ("  A: b", .yaml), ("A:b\n", .dotenv),
            ("A: b\nkind: Secret\n", .kubernetes), ("apiVersion: v1\ndata:\n", .kubernetes), ("A:\n  kind: x\n", .yaml),
            ("---\n# c\nkind: Secret", .kubernetes), ("A=kind:\nkind: Secret\n", .dotenv), ("set -gx A b\n", .fish),
            ("# c\nset -x A b\n", .fish), ("set -Ux A b\n", .fish), ("set --export A b\n", .fish),
            ("set --global --export A b\n", .fish), ("set -g -x A b\n", .fish), ("set -ex\nA=b\n", .dotenv),
            ("set -a\nA=b\n", .dotenv), ("set=b\n", .dotenv),
            ("A<<EOF\nb\nEOF\n", .github), ("A=b\nC<<EOF\nd\nEOF\n", .dotenv), ("A=b<<c\n", .dotenv),
            ("A='b\nC<<EOF\nd\nEOF\n'\n", .dotenv), ("# c\n\nA<<EOF\nb\nEOF\n", .github),
            ("A=b\nC<<\n", .dotenv),
            ("A=b\nC<<d e\n", .dotenv),
        ])
    func byContent(file: String, dialect: Dialect) {
        #expect(detected(nil, file) == dialect)
        #expect(detected(".env", file) == dialect)
    }

    @Test("YAML by its name is a Kubernetes manifest if it says so")
    func manifests() {
        #expect(detected("a.yaml", "data:\n  A: YQ==\nkind: Secret\n") == .kubernetes)
        #expect(detected("a.yml", "data:\n  kind: YQ==\n") == .yaml)
    }

    @Test("what is not UTF-8 is left to a parser to refuse")
    func notUTF8() {
        #expect(([0x7B, 0xFF] as [UInt8]).withUnsafeBytes { Dialect.detect(fileName: nil, $0) } == .dotenv)
    }

    @Test(
        "what a dialect writes is detected, where it can be told",
        arguments: [Dialect.json, .yaml, .kubernetes])
    func ownFiles(dialect: Dialect) throws {
        #expect(detected(nil, try encoded("kind: x\nset -x A<<B\n{", as: dialect)) == dialect)
    }
}
