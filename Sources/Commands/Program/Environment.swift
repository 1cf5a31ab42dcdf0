internal import Glibc

/// The program's environment.
enum Environment {
    /// The variable's value; nil when it is not set, or empty.
    static subscript(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// The folder that a variable of the XDG base directory specification names, which has a relative path ignored.
    static func baseDirectory(_ name: String) -> String? {
        self[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
