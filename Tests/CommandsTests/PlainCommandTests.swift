import ArgumentParser
import Glibc
import Testing

@testable import Commands

/// Command lines that are told without the parser: to the parser they mean the same.
@Suite struct PlainCommandTests {
    private func plain(_ arguments: [String]) -> PlainCommand? {
        let copies = arguments.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return copies.withUnsafeBufferPointer { PlainCommand($0) }
    }

    @Test(
        "a name is taken as the parser takes it",
        arguments: [
            "NAME", "n", "", " ", "help", "reveal", "a-b", "=", "1", "é", "550e8400-e29b-41d4-a716-446655440000",
        ])
    func reveal(_ name: String) throws {
        #expect(plain(["coffer", "reveal", name]) == .reveal(name: name))
        let parsed = try #require(try Coffer.parseAsRoot(["reveal", name]) as? Reveal)
        #expect(parsed.secret.name == name)
        #expect(parsed.secret.project.project == nil)
        #expect(parsed.version == nil)
        #expect(parsed.options.givenPath == nil)
        #expect(!parsed.options.namesPassphrase)
    }

    @Test(
        "a command is taken as the parser takes it",
        arguments: [
            ["env"], ["sh", "-c", "exit 1"], ["--help"], ["--version"], ["--", "--"], [""], ["run", "--no-redact"],
            ["é", " "], ["-"],
        ], [true, false])
    func run(_ command: [String], redacts: Bool) throws {
        let arguments = ["run"] + (redacts ? [] : ["--no-redact"]) + ["--"] + command
        #expect(plain(["coffer"] + arguments) == .run(command: command, redacts: redacts))
        let parsed = try #require(try Coffer.parseAsRoot(arguments) as? Run)
        #expect(parsed.command == command)
        #expect(parsed.noRedact == !redacts)
        #expect(!parsed.explain)
        #expect(parsed.selection.project == nil && parsed.selection.wanted.isEmpty && !parsed.selection.all)
        #expect(parsed.options.givenPath == nil)
        #expect(!parsed.options.namesPassphrase)
    }

    @Test(
        "anything else is the parser's",
        arguments: [
            [], ["coffer"], ["coffer", "reveal"], ["coffer", "reveal", "-"], ["coffer", "reveal", "--help"],
            ["coffer", "reveal", "-h"], ["coffer", "reveal", "--", "NAME"], ["coffer", "reveal", "NAME", "MORE"],
            ["coffer", "show", "NAME"], ["coffer", "Reveal", "NAME"], ["coffer", "NAME", "reveal"],
            ["coffer", "run"], ["coffer", "run", "--"], ["coffer", "run", "env"], ["coffer", "run", "--no-redact"],
            ["coffer", "run", "--no-redact", "--"], ["coffer", "run", "--no-redact", "env"],
            ["coffer", "run", "--all", "--", "env"], ["coffer", "run", "--no-redact", "--no-redact", "--", "env"],
            ["coffer", "run", "--explain", "--", "env"],
        ])
    func others(_ arguments: [String]) {
        #expect(plain(arguments) == nil)
    }
}
