/// Whether letters read like words, by which of them follow which.
///
/// No dictionary is needed to see that an unbroken run of letters is a word, be it a name, or words run together: about two
/// hundred of the 676 pairs of letters make up nine tenths of all pairs in the words of English, German, French and Spanish,
/// and two thirds of a word's own are nearly always among them: in 96 to 99.8 % of their words of eleven letters and more,
/// and in 2.5 % of as many letters drawn at random (`scripts/letter-pairs`).
enum WordLike {
    /// Fewer letters are told no cheaper as a word than by themselves.
    static let leastCount = 6

    /// What most often follows `a`, what follows `b`, and so on to `z`.
    private static let followers: [Set<UInt8>] = [
        "bcdgilmnprstuv",
        "aeiloru",
        "aehiklortu",
        "aeiorsu",
        "abcdefgilmnprstuvxz",
        "aefiloru",
        "aeiorsu",
        "aeiot",
        "abcdefglmnoprstvz",
        "",
        "e",
        "aeilostuy",
        "abeimopu",
        "acdeginost",
        "cdglmnoprstu",
        "aehilopr",
        "u",
        "abcdegimnorstu",
        "acehimopstu",
        "aehiorstuy",
        "abceilmnrst",
        "aeio",
        "aei",
        "",
        "s",
        "ae",
    ].map { Set($0.utf8) }

    /// The bits that a run of `count` letters takes that reads like words: those of one word among a hundred thousand, and from
    /// eight letters on two for each, which is more than letters of running text have (Shannon 1951).
    static func bits(of count: Int) -> Double { max(17, 2 * Double(count)) }

    /// Whether at least two thirds of the pairs in `letters`, small ones, are among the most common.
    static func reads(_ letters: some Collection<UInt8>) -> Bool {
        let known = zip(letters, letters.dropFirst()).count { pair in
            followers[Int(pair.0 - UInt8(ascii: "a"))].contains(pair.1)
        }
        return 3 * known >= 2 * (letters.count - 1)
    }
}
