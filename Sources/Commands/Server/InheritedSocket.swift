internal import Glibc

/// A socket that somebody else has bound, and listens on, for this program to serve: systemd, for one.
package struct InheritedSocket: Sendable, Equatable {
    /// Why a descriptor is not served.
    package enum Refusal: Error, Equatable {
        /// It is no socket that listens for streams.
        case notListening
        /// It listens to other machines, or in a way that none of the guards is for.
        case notLoopback
        /// It is a Unix socket that others than its owner may open, or one without a file.
        case notPrivate
    }

    /// The descriptor, which the server closes when it ends.
    package let descriptor: Int32
    /// The base URL that a client is given.
    package let url: String

    /// The socket of `descriptor`, once it was seen to be loopback, or a Unix socket for its owner alone.
    ///
    /// No task gets it from now on. Throws ``Refusal``.
    package init(descriptor: Int32) throws(Refusal) {
        guard Self.option(SO_ACCEPTCONN, of: descriptor) == 1,
            Self.option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue)
        else { throw .notListening }
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard status == 0 else { throw .notListening }
        url = try withUnsafeBytes(of: address) { bytes throws(Refusal) in
            try Self.url(of: UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(size))))
        }
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func url(of address: UnsafeRawBufferPointer) throws(Refusal) -> String {
        switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let internet = address.loadUnaligned(as: sockaddr_in.self)
            let octets = withUnsafeBytes(of: internet.sin_addr.s_addr) { Array($0) }
            guard octets[0] == 127 else { throw .notLoopback }
            return "http://\(octets.map(String.init).joined(separator: ".")):\(UInt16(bigEndian: internet.sin_port))"
        case AF_INET6:
            let internet = address.loadUnaligned(as: sockaddr_in6.self)
            let octets = withUnsafeBytes(of: internet.sin6_addr) { Array($0) }
            guard octets.dropLast().allSatisfy({ $0 == 0 }), octets[15] == 1 else { throw .notLoopback }
            return "http://[::1]:\(UInt16(bigEndian: internet.sin6_port))"
        case AF_UNIX:
            let path = address.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }
            let name = String(decoding: path, as: UTF8.self)
            var status = stat()
            // Without a name, or with an abstract one, no mode keeps others out.
            guard !name.isEmpty, stat(name, &status) == 0, status.st_mode & 0o077 == 0,
                status.st_uid == geteuid()
            else { throw .notPrivate }
            return "unix:\(name)"
        default: throw .notLoopback
        }
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
}
