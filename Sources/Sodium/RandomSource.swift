internal import CSodium

/// Where keys, nonces, salts and identifiers come from: the kernel in the program, a fixed stream in a test of known answers.
public struct RandomSource: Sendable {
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    /// A source that calls `fill` to overwrite each buffer it is given, whole.
    public init(fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) {
        self.fill = fill
    }

    /// libsodium's `randombytes_buf`, which reads the kernel's generator.
    public static let system = RandomSource { buffer in
        Library.start()
        if let base = buffer.baseAddress { randombytes_buf(base, buffer.count) }
    }

    /// Overwrites `buffer` with random bytes.
    public func overwrite(_ buffer: UnsafeMutableRawBufferPointer) {
        fill(buffer)
    }

    /// `count` random bytes on the ordinary heap: a salt, a nonce, an identifier, a key that is about to be shown.
    public func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}
