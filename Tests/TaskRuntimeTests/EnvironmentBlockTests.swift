internal import Glibc
internal import Sodium
internal import Testing

@testable internal import TaskRuntime

@Suite("Environment block")
struct EnvironmentBlockTests {
    /// The variables that a block makes of `inherited` and secrets.
    private func variables(_ inherited: [String], secrets: [(String, String)]) -> [String] {
        var strings: [UnsafeMutablePointer<CChar>?] = inherited.map { strdup($0) }
        defer { for string in strings { free(string) } }
        strings.append(nil)
        return strings.withUnsafeBufferPointer { strings in
            var block = EnvironmentBlock(inheriting: strings.baseAddress!)
            for (name, value) in secrets { Array(value.utf8).withUnsafeBytes { block.set(name, to: $0) } }
            return block.withPointers { pointers in
                var result: [String] = []
                var next = pointers
                while let variable = next.pointee {
                    result.append(String(cString: variable))
                    next += 1
                }
                return result
            }
        }
    }

    @Test("inherited variables come first, as they were, then secrets in their order")
    func order() {
        let result = variables(["B=2", "A=1", "EMPTY=", "odd"], secrets: [("Z", "26"), ("C", "3")])
        #expect(result == ["B=2", "A=1", "EMPTY=", "odd", "Z=26", "C=3"])
    }

    @Test("a secret replaces every inherited variable of its name, and no other")
    func duplicates() {
        let result = variables(["T=1", "TT=2", "T=3", "T", "S=T=4"], secrets: [("T", "new")])
        #expect(result == ["TT=2", "T", "S=T=4", "T=new"])
    }

    @Test("the last secret of a name counts")
    func lastOne() {
        #expect(variables([], secrets: [("T", "1"), ("TT", "2"), ("T", "3")]) == ["TT=2", "T=3"])
    }

    @Test("what leads to the passphrase is left out, and nothing else of Coffer's")
    func passphrase() {
        let result = variables(
            ["COFFER_PASSPHRASE_FILE=a", "COFFER_PASSPHRASE_COMMAND=b", "COFFER_PASSPHRASE=c", "COFFER_VAULT=d"],
            secrets: [])
        #expect(result == ["COFFER_VAULT=d"])
    }

    @Test("a value keeps its line breaks, equals signs and length, also while the block grows")
    func values() {
        let long = String(repeating: "é=\n", count: 10_000)
        #expect(
            variables(["A=1"], secrets: [("L", long), ("E", ""), ("M", long)]) == [
                "A=1", "L=\(long)", "E=", "M=\(long)",
            ])
    }

    @Test("without anything inherited and without secrets the block is empty")
    func empty() {
        #expect(variables([], secrets: []) == [])
    }
}
