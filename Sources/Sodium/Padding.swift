internal import CSodium

/// ISO/IEC 7816-4 padding, which hides a length up to a multiple of 64: one byte 0x80, then zeros.
///
/// There is always at least one byte of padding, so that it can be told from the content.
public enum Padding {
    /// Sizes are rounded up to a multiple of this many bytes.
    public static let blockByteCount = 64

    /// The size, in bytes, of `contentCount` bytes with their padding.
    public static func paddedCount(_ contentCount: Int) -> Int {
        (contentCount / blockByteCount + 1) * blockByteCount
    }

    /// Writes the padding behind the first `contentCount` bytes of `buffer`, which has room for just that.
    static func pad(_ buffer: UnsafeMutableRawBufferPointer, contentCount: Int) {
        precondition(buffer.count == paddedCount(contentCount))
        buffer[contentCount] = 0x80
        for index in (contentCount + 1)..<buffer.count { buffer[index] = 0 }
    }

    /// The size, in bytes, of the content of `padded`. Throws ``PaddingError`` where the padding is missing or wrong.
    static func contentCount(of padded: UnsafeRawBufferPointer) throws(PaddingError) -> Int {
        guard padded.count > 0, padded.count % blockByteCount == 0 else { throw PaddingError() }
        var count = 0
        let status = sodium_unpad(
            &count, padded.baseAddress!.assumingMemoryBound(to: UInt8.self), padded.count, blockByteCount)
        guard status == 0 else { throw PaddingError() }
        return count
    }
}

/// The padding of an opened record is not what Coffer writes.
public struct PaddingError: Error, Equatable {}
