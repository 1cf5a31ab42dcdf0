internal import Glibc

/// Which file it is, whatever it is called.
package struct FileIdentity: Equatable {
    private let device: dev_t
    private let inode: ino_t

    /// The file that has this status.
    init(_ status: stat) {
        device = status.st_dev
        inode = status.st_ino
    }

    /// The file that `descriptor` is open on; nil where it is not open.
    package init?(of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The file that lies at `path`, through links; nil where none does.
    init?(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
