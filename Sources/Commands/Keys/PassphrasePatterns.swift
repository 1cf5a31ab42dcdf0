internal import Glibc
internal import SecretsAPI

/// What is found in a passphrase by who looks for what people do.
struct PassphrasePatterns {
    private let text: UnsafeRawBufferPointer
    private let names: [[UInt8]]

    /// A sequence or a row is one from three characters on.
    private static let leastCount = 3
    private static let rows = [
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "!@#$%^&*()", "3141592653589793", "2718281828459045",
        "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp",
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
        words(start, note)
        dates(start, note)
    }

    /// Letters that read like words, one after the other: small ones behind a capital, or of one case, with perhaps some of
    /// them replaced by what looks like them.
    private func words(_ start: Int, _ note: (Int, Double) -> Void) {
        guard text[start].isLetter, !isInWord(start) else { return }
        var (end, capitals, replaced) = (start + 1, 0.0, 0.0)
        while end < text.count, isInWord(end) { end += 1 }
        guard end - start >= WordLike.leastCount else { return }
        for index in start..<end where lower(index) != text[index] { capitals = 1 }
        for index in start..<end where !text[index].isLetter { replaced = 2 }
        guard WordLike.reads((start..<end).lazy.map { Self.letter(lower($0))! }) else { return }
        note(end - start, WordLike.bits(of: end - start) + capitals + replaced)
    }

    /// Whether the character at `index` goes on with the word of the one before.
    private func isInWord(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let (before, character) = (text[index - 1], text[index])
        guard character.isLetter else {
            let isBetweenLetters = before.isLetter && index + 1 < text.count && text[index + 1].isLetter
            return isBetweenLetters && Self.letter(character) != nil
        }
        guard before.isLetter else { return isInWord(index - 1) }
        // Not a capital behind a small one.
        return (before ^ character) & 0x20 == 0 || character & 0x20 != 0
    }

    /// The letter that a character is, in lower case, or stands for where it is put in place of one; nil for none.
    private static func letter(_ character: UInt8) -> UInt8? {
        character.isLetter ? character : lookalikes(character).first
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
            if character == letter || letter == UInt8(ascii: " ") && Self.separates(character) { continue }
            guard Self.lookalikes(character).contains(letter) else { return }
            replaced = 2
        }
        note(word.count, bits + capitals + replaced)
    }

    /// Whether a character is put between words in place of a blank.
    private static func separates(_ character: UInt8) -> Bool { "-_.,/+".utf8.contains(character) }

    /// The letters that a character is put in place of.
    private static func lookalikes(_ character: UInt8) -> String.UTF8View {
        switch character {
        case UInt8(ascii: "4"), UInt8(ascii: "@"): "a".utf8
        case UInt8(ascii: "3"): "e".utf8
        case UInt8(ascii: "1"), UInt8(ascii: "!"): "il".utf8
        case UInt8(ascii: "0"): "o".utf8
        case UInt8(ascii: "5"), UInt8(ascii: "$"): "s".utf8
        case UInt8(ascii: "7"): "t".utf8
        default: "".utf8
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
