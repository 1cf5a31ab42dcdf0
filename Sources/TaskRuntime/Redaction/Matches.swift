/// Bytes of the stream that are a form of a secret.
struct Match: Equatable {
    /// The position of its first byte.
    let start: Int
    /// The position behind its last byte.
    let end: Int
    /// The index of the secret.
    let secret: Int
}

/// The matches found and not yet written, none of which lies within another.
///
/// In order of their starts, and so of their ends as well.
struct Matches {
    private var found: [Match] = []
    /// How many of `found` have been taken already.
    private var taken = 0
    /// Where the last match with a label ends, by secret.
    private var labelled: [Int]

    /// No matches yet, of this number of secrets.
    init(secrets: Int) {
        self.labelled = Array(repeating: 0, count: secrets)
    }

    /// Adds a match that ends behind all others, in place of those that lie within it.
    mutating func add(_ match: Match) {
        while found.count > taken, found[found.count - 1].start >= match.start { found.removeLast() }
        found.append(match)
    }

    /// Whether there is a match that begins before `position`.
    func begin(before position: Int) -> Bool {
        found.count > taken && found[taken].start < position
    }

    /// Takes the first match that begins before `position`, and tells whether it gets a label.
    ///
    /// One that overlaps a match of the same secret does not: in a run of a repeated value, each label stands for a
    /// whole one.
    mutating func next(before position: Int) -> (match: Match, isLabelled: Bool)? {
        guard begin(before: position) else { return nil }
        let match = found[taken]
        taken += 1
        if 2 * taken >= found.count {
            found.removeFirst(taken)
            taken = 0
        }
        let isLabelled = match.start >= labelled[match.secret]
        if isLabelled { labelled[match.secret] = match.end }
        return (match, isLabelled)
    }
}
