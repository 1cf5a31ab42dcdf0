internal import Glibc
internal import SecretsAPI
internal import Sodium

/// How hard a passphrase is to guess, as far as that can be told without a dictionary.
///
/// Looks for the cheapest way to say the passphrase: character by character, or by what guessers try first, which is words
/// of a short list, names that they know, repetitions, sequences, rows of the keyboard, years and dates. Makes no copy of
/// the passphrase.
enum PassphraseStrength {
    /// Fewer bits than these are guessed trivially: eleven letters at random have as many, a word with a number fewer.
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

    /// A letter tells less behind another of its case: most of them stand in words. Of a letter of another alphabet, which is
    /// several bytes, the first counts; one of three bytes and more is one of many, as of Chinese.
    private static func characterBits(_ text: UnsafeRawBufferPointer, _ index: Int) -> Double {
        let character = text[index]
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return 3.3
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            let follows = index > 0 && text[index - 1].isLetter && (text[index - 1] ^ character) & 0x20 == 0
            return follows ? 3 : 5
        case 0x80..<0xc0: return 0
        case 0xc0..<0xe0: return index > 0 && text[index - 1] >= 0x80 ? 3 : 5
        case 0xe0...: return 7
        default: return 5
        }
    }
}

/// What is found in a passphrase by who looks for what people do.
struct PassphrasePatterns {
    private let text: UnsafeRawBufferPointer
    private let names: [[UInt8]]

    /// A sequence or a row is one from three characters on.
    private static let leastCount = 3
    private static let rows = [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "!@#$%^&*()",
    ].flatMap { row in [Array(row.utf8), Array(row.utf8.reversed())] }
    private static let common = CommonPassphrases.list.map { Array($0.utf8) }

    init(_ text: UnsafeRawBufferPointer, names: [String]) {
        self.text = text
        self.names = names.map { Array($0.utf8) }.filter { $0.count >= Self.leastCount }
    }

    /// Hands the length of each pattern that begins at `start` to `note`, with the bits that it takes to say which it is.
    func forEach(from start: Int, _ note: (Int, Double) -> Void) {
        repetitions(start, note)
        sequences(start, note)
        for row in Self.rows { rows(row, start, note) }
        for (rank, word) in Self.common.enumerated() { match(word, start, log2(Double(rank + 2)), note) }
        for name in names { match(name, start, 2, note) }
        dates(start, note)
    }

    /// What stood there before, be it the character before, again and again.
    private func repetitions(_ start: Int, _ note: (Int, Double) -> Void) {
        guard start > 0 else { return }
        for distance in 1...start {
            var count = 0
            while start + count < text.count, lower(start + count) == lower(start + count - distance) { count += 1 }
            guard count >= (distance == 1 ? 1 : Self.leastCount) else { continue }
            note(count, 1 + log2(Double(distance)) + log2(Double(count)))
        }
    }

    /// `abc`, `321`.
    private func sequences(_ start: Int, _ note: (Int, Double) -> Void) {
        for step in [1, -1] {
            var count = 1
            while start + count < text.count, Int(lower(start + count)) - Int(lower(start + count - 1)) == step {
                count += 1
            }
            if count >= Self.leastCount { note(count, 5 + log2(Double(count))) }
        }
    }

    private func rows(_ row: [UInt8], _ start: Int, _ note: (Int, Double) -> Void) {
        guard let first = row.firstIndex(of: lower(start)) else { return }
        var count = 1
        while start + count < text.count, first + count < row.count, lower(start + count) == row[first + count] {
            count += 1
        }
        if count >= Self.leastCount { note(count, 6 + log2(Double(count))) }
    }

    /// A word in any case, some of its letters perhaps replaced by what looks like them.
    private func match(_ word: [UInt8], _ start: Int, _ bits: Double, _ note: (Int, Double) -> Void) {
        guard start + word.count <= text.count else { return }
        var (capitals, replaced) = (0.0, 0.0)
        for (offset, letter) in word.enumerated() {
            let character = lower(start + offset)
            if character != text[start + offset] { capitals = 1 }
            if character == letter { continue }
            guard Self.look(character, like: letter) else { return }
            replaced = 2
        }
        note(word.count, bits + capitals + replaced)
    }

    private static func look(_ character: UInt8, like letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a"): character == UInt8(ascii: "4") || character == UInt8(ascii: "@")
        case UInt8(ascii: "e"): character == UInt8(ascii: "3")
        case UInt8(ascii: "i"), UInt8(ascii: "l"): character == UInt8(ascii: "1") || character == UInt8(ascii: "!")
        case UInt8(ascii: "o"): character == UInt8(ascii: "0")
        case UInt8(ascii: "s"): character == UInt8(ascii: "5") || character == UInt8(ascii: "$")
        case UInt8(ascii: "t"): character == UInt8(ascii: "7")
        default: false
        }
    }

    /// A year of the last century or this, and a day of one, in the orders and with the separators that people use.
    private func dates(_ start: Int, _ note: (Int, Double) -> Void) {
        if isYear(start) { note(4, 7) }
        for separator in [0, 1] {
            let (day, year) = (4 + 2 * separator, 8 + 2 * separator)
            guard start + year <= text.count else { continue }
            // Day, month, year; year, month, day.
            let isDate =
                isYear(start + day) && isDay(start, start + 2 + separator)
                || isYear(start) && isDay(start + 4 + separator, start + 6 + 2 * separator)
            if isDate { note(year, 15) }
        }
    }

    private func isYear(_ start: Int) -> Bool {
        guard let century = number(start), number(start + 2) != nil else { return false }
        return century == 19 || century == 20
    }

    /// Whether there are a day and a month in these places, either first.
    private func isDay(_ first: Int, _ second: Int) -> Bool {
        guard let one = number(first), let other = number(second), one > 0, other > 0 else { return false }
        return min(one, other) <= 12 && max(one, other) <= 31
    }

    /// The two digits at `start`.
    private func number(_ start: Int) -> Int? {
        guard start + 2 <= text.count, text[start].isASCIIDigit, text[start + 1].isASCIIDigit else { return nil }
        return Int(text[start] & 0xf) * 10 + Int(text[start + 1] & 0xf)
    }

    private func lower(_ index: Int) -> UInt8 {
        let character = text[index]
        return character.isLetter ? character | 0x20 : character
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}
