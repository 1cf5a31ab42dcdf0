internal import Sodium

/// Output between replacements, gathered so that it leaves in few and large pieces.
struct Outlet: ~Copyable, Sendable {
    private var buffer = SecureArray<UInt8>(zeroed: 1 << 16)
    private var count = 0

    /// Appends a copy of `bytes`, and hands over what is there as often as that fills the buffer.
    mutating func append<E>(
        _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(buffer.count - count)
            buffer.withUnsafeMutableElements { buffer in
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
            }
            count += piece.count
            rest = rest.dropFirst(piece.count)
            if count == buffer.count { try flush(write) }
        }
    }

    /// Appends what replaces a match.
    mutating func append<E>(
        label: [UInt8], _ write: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        for byte in label {
            buffer[count] = byte
            count += 1
            if count == buffer.count { try flush(write) }
        }
    }

    /// Hands over what is there.
    mutating func flush<E>(_ write: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        guard count > 0 else { return }
        try buffer.withUnsafeElements { (buffer) throws(E) in
            try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        }
        count = 0
    }
}
