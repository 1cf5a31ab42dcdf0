/// Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7).
enum UTF8Check {
    /// The index of the first byte of the first ill-formed sequence; nil when there is none.
    static func firstFault(in bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            // How many bytes follow, and what the first of them may be.
            let (following, second): (Int, ClosedRange<UInt8>)
            switch lead {
            case 0xC2...0xDF: (following, second) = (1, 0x80...0xBF)
            case 0xE0: (following, second) = (2, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (following, second) = (2, 0x80...0xBF)
            case 0xED: (following, second) = (2, 0x80...0x9F)
            case 0xF0: (following, second) = (3, 0x90...0xBF)
            case 0xF1...0xF3: (following, second) = (3, 0x80...0xBF)
            case 0xF4: (following, second) = (3, 0x80...0x8F)
            default: return index
            }
            guard index + following < bytes.count, second.contains(bytes[index + 1]) else { return index }
            for offset in 1...following where bytes[index + offset] & 0xC0 != 0x80 { return index }
            index += following + 1
        }
        return nil
    }
}
