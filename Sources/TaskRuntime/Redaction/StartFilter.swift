internal import Sodium

/// A quick test of whether a form may begin with four given bytes: wrong now and then, but never when it says no.
struct StartFilter: ~Copyable, Sendable {
    private var bits: SecureArray<UInt64>
    /// How far a hash is shifted to be the number of a bit.
    private let shift: UInt32

    /// The filter for the forms of `trie`.
    init(_ trie: borrowing Trie) {
        // 8 KiB fit the first cache with room to spare. More forms want more, so that few bits are set.
        var logarithm: UInt32 = 16
        while logarithm < 20, trie.patterns.count << 6 > 1 << logarithm { logarithm += 1 }
        self.shift = 32 - logarithm
        self.bits = SecureArray(zeroed: 1 << (logarithm - 6))
        for pattern in trie.patterns {
            let bit = Self.bit(trie.labels.window(at: pattern.start), shift: shift)
            bits[bit >> 6] |= 1 << UInt64(bit & 63)
        }
    }

    /// Whether a form may begin with the four bytes loaded into `window`.
    func mayStart(_ window: UInt32) -> Bool {
        let bit = Self.bit(window, shift: shift)
        return bits[bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    /// The first index from `index` on where a form may start, or where fewer than four bytes are left to tell.
    func firstStart(in text: UnsafeRawBufferPointer, from index: Int) -> Int {
        guard index + 4 <= text.count else { return index }
        let base = text.baseAddress!
        let end = text.count - 4
        var index = index
        // In bounds: four bytes from `index`, which is at most `end`. Checked loads would halve the speed here.
        while index <= end, !mayStart((base + index).loadUnaligned(as: UInt32.self)) { index &+= 1 }
        return index
    }

    private static func bit(_ window: UInt32, shift: UInt32) -> Int {
        Int((window &* 0x9e37_79b1) &>> shift)
    }
}
