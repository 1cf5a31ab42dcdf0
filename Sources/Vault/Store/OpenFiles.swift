/// Descriptors, by the files that they belong to.
///
/// A list: a program has one or two, and the first dictionary with keys of another type has the runtime search all that it
/// knows of types.
struct OpenFiles {
    private var files: [(file: FileIdentity, descriptor: Int32)] = []

    /// The descriptor of `file`, if there is one.
    subscript(file: FileIdentity) -> Int32? {
        files.first { $0.file == file }?.descriptor
    }

    /// Adds the descriptor of a file that has none yet.
    mutating func add(_ file: FileIdentity, _ descriptor: Int32) {
        files.append((file, descriptor))
    }
}
