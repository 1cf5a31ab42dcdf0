/// The failure links of Aho and Corasick ("Efficient string matching", 1975): for each node, the longest proper suffix
/// of what leads to it that some form begins with.
///
/// Only links to nodes at least as deep as the shortest form are stored. They are rare, except in values that repeat
/// themselves, and there they count up from node to node, so that a run of them is stored once. Every other suffix is
/// shorter than 6 bytes: whoever needs it reads these few bytes again. No form can end within them.
extension Trie {
    /// A form being read from its second byte on, as if it were text, at a point where a stored link is due.
    private struct Reader {
        let pattern: Pattern
        /// How many bytes of the form have been read.
        var consumed: Int
        /// The node of the longest suffix of these bytes, and its depth.
        var node: Int
        var depth: Int
        /// The node of that suffix one byte before, if it was stored.
        var previous = Trie.root
    }

    /// The node that the stored link of `node` leads to, and its depth; nil if the suffix is shorter than any form.
    func failure(of node: Int) -> (node: Int, depth: Int)? {
        guard let waypoint = waypoints.last(through: node), waypoint.failure != 0 else { return nil }
        let offset = node - Int(waypoint.node)
        // What lies behind the last node of a form is another form.
        if offset > 0 && waypoint.isLast { return nil }
        return (Int(waypoint.failure) + offset, Int(waypoint.failureDepth) + offset)
    }

    /// Stores the links, and at each node the longest form that ends there as a suffix.
    ///
    /// All forms are read side by side, since the link of a node depends on those of nodes less deep: each is read on as
    /// long as its suffix is no deeper than what all have done. A form takes part only where a suffix of it is long
    /// enough, which `filter` rules out for most of its bytes.
    mutating func link(using filter: borrowing StartFilter) {
        var readers: [Reader] = []
        for pattern in patterns {
            if let reader = reader(of: pattern, from: 1, filter) { readers.append(reader) }
        }
        while !readers.isEmpty {
            // A suffix is shorter than what has been read, so that the hindmost reader always goes on.
            let done = readers.reduce(Int.max) { min($0, $1.consumed) } - 1
            var index = 0
            while index < readers.count {
                var reader: Reader? = readers[index]
                while let current = reader, current.depth <= done {
                    store(current)
                    reader = advance(current, filter)
                }
                if let reader {
                    readers[index] = reader
                    index += 1
                } else {
                    readers.swapAt(index, readers.count - 1)
                    readers.removeLast()
                }
            }
        }
    }

    /// Reads on from the byte with index `start` to where 6 bytes in a row have been read that begin a form, if any do.
    private func reader(of pattern: Pattern, from start: Int, _ filter: borrowing StartFilter) -> Reader? {
        var start = start
        while start + Self.shortestForm <= pattern.length {
            if filter.mayStart(labels.window(at: pattern.start + start)) {
                var node = Self.root
                var depth = 0
                repeat {
                    node = child(of: node, by: labels[pattern.start + start + depth])
                    depth += 1
                } while node != Self.root && depth < Self.shortestForm
                if node != Self.root {
                    return Reader(pattern: pattern, consumed: start + depth, node: node, depth: depth)
                }
            }
            start += 1
        }
        return nil
    }

    /// `reader` after the next byte, or after as many as it takes until a link is due again.
    private mutating func advance(_ reader: Reader, _ filter: borrowing StartFilter) -> Reader? {
        guard reader.consumed < reader.pattern.length else { return nil }
        let byte = labels[reader.pattern.start + reader.consumed]
        var (node, depth) = (reader.node, reader.depth)
        while true {
            let next = child(of: node, by: byte)
            if next != Self.root {
                return Reader(
                    pattern: reader.pattern, consumed: reader.consumed + 1, node: next, depth: depth + 1,
                    previous: reader.node
                )
            }
            guard let shorter = failure(of: node) else { break }
            (node, depth) = shorter
        }
        // Ends the run of links that the last one belonged to.
        if reader.consumed + 1 > reader.pattern.shared {
            waypoints.update(reader.pattern.node(depth: reader.consumed + 1)) { $0.failure = 0 }
        }
        return self.reader(of: reader.pattern, from: reader.consumed + 1 - Self.shortestForm, filter)
    }

    private mutating func store(_ reader: Reader) {
        guard reader.consumed > reader.pattern.shared else { return }
        let node = reader.pattern.node(depth: reader.consumed)
        let suffix = waypoints[reader.node]
        let endsMatch = suffix.map { $0.matchLength > 0 } ?? false
        let goesOn =
            reader.node == reader.previous + 1 && reader.consumed - 1 > reader.pattern.shared
            && node % Waypoints.longestRun != 0 && reader.previous != Self.root
        if goesOn, !endsMatch, !waypoints.contains(node) { return }
        waypoints.update(node) {
            $0.failure = UInt32(reader.node)
            $0.failureDepth = UInt32(reader.depth)
            if let suffix, $0.matchLength == 0 {
                $0.matchLength = suffix.matchLength
                $0.secret = suffix.secret
            }
        }
    }
}
