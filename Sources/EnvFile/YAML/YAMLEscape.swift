/// The code points that stand escaped in YAML.
///
/// Those that YAML 1.2 does not allow as they are (5.1, printable characters), and those that 1.1 takes for line breaks
/// and 1.2 does not: U+0085, U+2028, U+2029. U+FEFF too, which readers may take for a byte order mark.
enum YAMLEscape {
    /// The code point that begins at `index` and its length in bytes, if it must stand escaped; tab and line breaks are
    /// for the caller to judge. `bytes` need not be UTF-8.
    static func codePoint(at index: Int, in bytes: UnsafeRawBufferPointer) -> (number: UInt32, length: Int)? {
        let lead = bytes[index]
        switch lead {
        case ..<0x20, 0x7F: return (UInt32(lead), 1)
        case 0xC2 where index + 1 < bytes.count && bytes[index + 1] < 0xA0: return (UInt32(bytes[index + 1]), 2)
        case 0xE2, 0xEF: break
        default: return nil
        }
        guard index + 2 < bytes.count else { return nil }
        switch (lead, bytes[index + 1], bytes[index + 2]) {
        case (0xE2, 0x80, 0xA8): return (0x2028, 3)
        case (0xE2, 0x80, 0xA9): return (0x2029, 3)
        case (0xEF, 0xBB, 0xBF): return (0xFEFF, 3)
        case (0xEF, 0xBF, 0xBE): return (0xFFFE, 3)
        case (0xEF, 0xBF, 0xBF): return (0xFFFF, 3)
        default: return nil
        }
    }
}
