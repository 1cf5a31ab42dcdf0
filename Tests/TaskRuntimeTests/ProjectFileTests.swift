import Foundation
import Testing

@testable import TaskRuntime

@Suite("A project file") struct ProjectFileTests {
    private let folder = Folder()

    @Test("is found in the directory, or in the nearest above it")
    func finding() throws {
        try folder.write(#"{"project": "outer"}"#, to: ".coffer.json")
        let inner = try folder.write(#"{"project": "inner", "secrets": ["A", "B"]}"#, to: "a/b/.coffer.json")
        try folder.write("", to: "a/b/c/d/file")
        let found = try ProjectFile.nearest(to: folder.path + "/a/b/c/d")
        #expect(found?.path == inner)
        #expect(found?.file == ProjectFile(project: "inner", secrets: ["A", "B"]))
        #expect(try ProjectFile.nearest(to: folder.path + "/a")?.file.project == "outer")
    }

    @Test(
        "may leave out either member",
        arguments: [
            ("{}", ProjectFile(project: nil, secrets: [])),
            (#"{"secrets": ["A"]}"#, ProjectFile(project: nil, secrets: ["A"])),
            (#"{"project": "web"}"#, ProjectFile(project: "web", secrets: [])),
        ])
    func members(text: String, file: ProjectFile) throws {
        try folder.write(text, to: ".coffer.json")
        #expect(try ProjectFile.nearest(to: folder.path)?.file == file)
    }

    @Test(
        "of another form is refused rather than passed over",
        arguments: [
            "", "web", "[]", #"{"project": 1}"#, #"{"secrets": "A"}"#, #"{"secrets": [1]}"#, #"{"secret": ["A"]}"#,
            #"{"project": "web", "value": "x"}"#, #"{"project": "web",}"#, String(repeating: " ", count: 70_000),
        ])
    func refusals(text: String) throws {
        let path = try folder.write(text, to: ".coffer.json")
        let error = #expect(throws: ProjectFileError.self) { try ProjectFile.nearest(to: folder.path) }
        #expect(error?.path == path)
    }

    @Test("that everybody may write is passed over, and the one above it counts")
    func ownership() throws {
        try folder.write(#"{"project": "outer"}"#, to: ".coffer.json")
        let open = try folder.write(#"{"project": "inner"}"#, to: "a/.coffer.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: open)
        var ignored: [String] = []
        #expect(try ProjectFile.nearest(to: folder.path + "/a") { ignored.append($0) }?.file.project == "outer")
        #expect(ignored == [open])
    }

    @Test("that is a directory or a pipe is refused, without waiting")
    func kinds() throws {
        #expect(mkfifo(folder.path + "/.coffer.json", 0o600) == 0)
        #expect(throws: ProjectFileError.self) { try ProjectFile.nearest(to: folder.path) }
        try FileManager.default.createDirectory(
            atPath: folder.path + "/a/.coffer.json", withIntermediateDirectories: true)
        #expect(throws: ProjectFileError.self) { try ProjectFile.nearest(to: folder.path + "/a") }
    }
}
