/// The exclusive or of the keyed hashes of many rows: a row goes in, and out again, at the price of that row alone.
///
/// Without the key nobody knows what a row contributes, so nobody can find other rows that come to the same. Rows come
/// out of it as they went in, and a row that was there twice would vanish: that is why the state counts them as well
/// (docs/format.md, "State").
struct StateDigest: Equatable, Sendable {
    /// The size in bytes, which is that of a keyed hash.
    static let byteCount = 32

    private var words: SIMD4<UInt64>

    /// The digest of no rows.
    init() {
        words = .zero
    }

    /// A digest as it was stored, or the hash of one row; nil unless there are 32 bytes.
    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        let word = { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        words = SIMD4(word(0), word(1), word(2), word(3))
    }

    /// The 32 bytes, as stored.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for index in words.indices { bytes.append(bigEndian: words[index]) }
        return bytes
    }

    /// Takes a row in that was out, or out that was in.
    mutating func toggle(_ row: StateDigest) {
        words ^= row.words
    }
}
