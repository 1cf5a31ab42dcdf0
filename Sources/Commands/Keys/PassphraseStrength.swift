internal import Sodium

/// How hard a passphrase is to guess, as far as that can be told without a dictionary.
///
/// Looks for the cheapest way to say the passphrase: character by character, or by what guessers try first, which is words
/// of a short list, names that they know, letters that read like words, repetitions, sequences, rows of the keyboard, years
/// and dates. Makes no copy of the passphrase.
enum PassphraseStrength {
    /// Fewer bits than these are guessed trivially: words run together of up to sixteen letters have fewer, and eleven letters at
    /// random have as many, where they do not happen to read like words.
    static let leastBits = 35.0

    /// What stands behind it makes no passphrase weaker.
    private static let longestLooked = 256

    /// How many bits it takes to tell `passphrase` from others, to somebody who also knows `names`, in lower case.
    static func bits(of passphrase: borrowing SecureBytes, knowing names: [String] = []) -> Double {
        passphrase.withUnsafeBytes { all in
            let text = UnsafeRawBufferPointer(rebasing: all.prefix(longestLooked))
            let words = PassphrasePatterns(text, names: names)
            var least = SecureArray<Double>(zeroed: text.count + 1)
            for end in 1..<(text.count + 1) { least[end] = .infinity }
            for start in 0..<text.count {
                let before = least[start]
                func note(_ count: Int, _ bits: Double) {
                    least[start + count] = min(least[start + count], before + bits)
                }
                note(1, characterBits(text, start))
                words.forEach(from: start, note)
            }
            return least[text.count]
        }
    }

    /// A letter tells less behind another of its case: most of them stand in words. Of a character that is several bytes the
    /// first counts: it is a letter of another alphabet, up to U+1FFF; a sign; a syllable of Japanese; or one of many, as of
    /// Chinese.
    private static func characterBits(_ text: UnsafeRawBufferPointer, _ index: Int) -> Double {
        let character = text[index]
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return 3.3
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            let follows = index > 0 && text[index - 1].isLetter && (text[index - 1] ^ character) & 0x20 == 0
            return follows ? 3 : 5
        case 0x80..<0xc0: return 0
        case 0xc0..<0xe2: return index > 0 && (text[index - 1] >= 0x80 || text[index - 1].isLetter) ? 2 : 5
        case 0xe2: return 5
        case 0xe3 where index + 1 < text.count && (0x81...0x83).contains(text[index + 1]): return 4
        case 0xe3...: return 7
        // What many put behind their word.
        case UInt8(ascii: "!"), UInt8(ascii: "."), UInt8(ascii: "?"): return index == text.count - 1 ? 3 : 5
        default: return 5
        }
    }
}

extension UInt8 {
    /// Whether it is a letter of ASCII.
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
