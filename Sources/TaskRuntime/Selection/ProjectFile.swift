internal import FoundationEssentials
internal import Glibc
internal import SecretsAPI

/// `.coffer.json`: which project a directory belongs to, and which secrets its tasks get. Names alone, no values.
public struct ProjectFile: Sendable, Equatable {
    /// The project, by its name or id.
    public let project: String?
    /// Names and ids of secrets.
    public let secrets: [String]

    /// The file's name.
    public static let name = ".coffer.json"
    /// The greatest size in bytes.
    public static let maximumByteCount = 1 << 16

    /// The file in `directory`, an absolute path, or in the nearest directory above it that has one.
    ///
    /// A file that belongs neither to this user nor to root, or that everybody may write, is passed over and handed to
    /// `ignoring`: in a directory that others write to, it would let them choose which secrets a task gets. Throws
    /// ``ProjectFileError``.
    public static func nearest(
        to directory: String, ignoring: (String) -> Void = { _ in }
    ) throws(ProjectFileError) -> (path: String, file: ProjectFile)? {
        var directory = directory
        while true {
            let path = directory == "/" ? "/\(name)" : "\(directory)/\(name)"
            if let data = try read(path, ignoring: ignoring) { return (path, try decode(data, path: path)) }
            guard directory != "/", let end = directory.lastIndex(of: "/") else { return nil }
            directory = end == directory.startIndex ? "/" : String(directory[..<end])
        }
    }

    private static func read(
        _ path: String, ignoring: (String) -> Void
    ) throws(ProjectFileError) -> Data? {
        // Non-blocking, so that a pipe by this name cannot keep the program waiting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw ProjectFileError(path: path, reason: "cannot be read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ProjectFileError(path: path, reason: "is not a file")
        }
        var link = stat()
        // Whoever puts a link there chooses the file as well.
        guard isTrusted(status), status.st_mode & S_IWOTH == 0, lstat(path, &link) == 0, isTrusted(link) else {
            ignoring(path)
            return nil
        }
        guard status.st_size <= maximumByteCount else { throw ProjectFileError(path: path, reason: "is too large") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw ProjectFileError(path: path, reason: "cannot be read") }
        return Data(bytes.prefix(count))
    }

    private static func isTrusted(_ status: stat) -> Bool {
        status.st_uid == geteuid() || status.st_uid == 0
    }

    private static func decode(_ data: Data, path: String) throws(ProjectFileError) -> ProjectFile {
        let shape: Shape
        do { shape = try JSON.decode(Shape.self, from: data) } catch {
            throw ProjectFileError(
                path: path,
                reason: #"is not of the form {"project": "web", "secrets": ["A", "B"]}, with nothing else in it"#)
        }
        return ProjectFile(project: shape.project, secrets: shape.secrets ?? [])
    }

    private struct Shape: Decodable {
        let project: String?
        let secrets: [String]?

        private enum Key: String, CodingKey, CaseIterable {
            case project
            case secrets
        }

        private struct AnyKey: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { return nil }
        }

        init(from decoder: any Decoder) throws {
            // A misspelt member would be a selection that silently is another.
            for key in try decoder.container(keyedBy: AnyKey.self).allKeys
            where Key(rawValue: key.stringValue) == nil {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "an unknown member"))
            }
            let values = try decoder.container(keyedBy: Key.self)
            project = try values.decodeIfPresent(String.self, forKey: .project)
            secrets = try values.decodeIfPresent([String].self, forKey: .secrets)
        }
    }
}

/// A project file that cannot be used.
public struct ProjectFileError: Error, Equatable {
    /// The file's path.
    public let path: String
    /// What is wrong with it, as the end of a sentence that begins with its path.
    public let reason: String
}
