internal import Glibc

/// What the kernel tells of this machine in files: `/proc` and `/sys`, or folders in their place.
struct Machine: Sendable {
    var proc = "/proc"
    var sys = "/sys"

    /// The longest file that is read, in bytes.
    private static let longest = 64 << 10

    /// The lines of a file; nil where it cannot be read.
    func lines(of path: String) -> [Substring]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    }

    /// The first line of a file; nil where it cannot be read, or has none.
    func line(of path: String) -> String? {
        lines(of: path)?.first.map(String.init)
    }

    /// The names in a folder; none where it cannot be read.
    func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Where a link, or a path through links, leads; nil where it leads nowhere.
    static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// What stat(2) tells of a path; nil where nothing is there.
    static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
