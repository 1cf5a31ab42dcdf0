import ArgumentParser
import Glibc
import Testing

@testable import Commands

/// `coffer reveal NAME` and nothing else, which is told without the parser: to the parser it means the same.
@Suite struct PlainRevealTests {
    private func plainName(_ arguments: [String]) -> String? {
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { Reveal.plainName(in: $0) }
    }

    @Test(
        "a name is taken as the parser takes it",
        arguments: [
            "NAME", "n", "", " ", "help", "reveal", "a-b", "=", "1", "é", "550e8400-e29b-41d4-a716-446655440000",
        ])
    func names(_ name: String) throws {
        #expect(plainName(["coffer", "reveal", name]) == name)
        let parsed = try #require(try Coffer.parseAsRoot(["reveal", name]) as? Reveal)
        #expect(parsed.secret.name == name)
        #expect(parsed.secret.project.project == nil)
        #expect(parsed.version == nil)
        #expect(parsed.options.givenPath == nil)
        #expect(!parsed.options.namesPassphrase)
    }

    @Test(
        "anything else is the parser's",
        arguments: [
            [], ["coffer"], ["coffer", "reveal"], ["coffer", "reveal", "-"], ["coffer", "reveal", "--help"],
            ["coffer", "reveal", "-h"], ["coffer", "reveal", "--", "NAME"], ["coffer", "reveal", "NAME", "MORE"],
            ["coffer", "show", "NAME"], ["coffer", "Reveal", "NAME"], ["coffer", "NAME", "reveal"],
        ])
    func others(_ arguments: [String]) {
        #expect(plainName(arguments) == nil)
    }
}
