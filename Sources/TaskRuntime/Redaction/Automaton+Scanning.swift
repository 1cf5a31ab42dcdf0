extension Automaton {
    /// How much of a form the last bytes read begin with.
    struct State {
        /// The trie's node for these bytes.
        var node = Trie.root
        /// How many they are: no match can begin before them any more.
        var depth = 0
    }

    /// Reads `text` from `start` to its end, and notes each match that ends there.
    ///
    /// `text` must go back at least to where the bytes of `state` begin; `origin` is the position of its first byte in
    /// the stream.
    func scan(
        _ text: UnsafeRawBufferPointer, from start: Int, origin: Int, state: inout State, into matches: inout Matches
    ) {
        var index = start
        var (node, depth) = (state.node, state.depth)
        while true {
            if node == Trie.root {
                index = filter.firstStart(in: text, from: index)
                guard index < text.count else { break }
                node = trie.child(of: Trie.root, by: text[index])
                depth = node == Trie.root ? 0 : 1
                index += 1
                continue
            }
            guard index < text.count else { break }
            let next = trie.child(of: node, by: text[index])
            if next == Trie.root {
                fail(&node, &depth, &index)
                continue
            }
            node = next
            depth += 1
            index += 1
            guard let waypoint = trie.waypoints[node] else { continue }
            if waypoint.matchLength > 0 {
                let end = origin + index
                matches.add(
                    Match(start: end - Int(waypoint.matchLength), end: end, secret: Int(waypoint.secret)))
            }
            // Nothing goes on from a leaf: held bytes must not wait for the next one to find that out.
            if waypoint.isLeaf { fail(&node, &depth, &index) }
        }
        state = State(node: node, depth: depth)
    }

    /// Goes over to the longest proper suffix of the bytes of `node`.
    private func fail(_ node: inout Int, _ depth: inout Int, _ index: inout Int) {
        if let shorter = trie.failure(of: node) {
            (node, depth) = shorter
            if trie.waypoints[node]?.isLeaf == true { fail(&node, &depth, &index) }
        } else {
            // It is shorter than any form: its bytes are read again. Each such step moves the beginning of what may
            // become a match by at least one byte, so that no byte is read more than six times.
            index -= min(depth, Trie.shortestForm) - 1
            (node, depth) = (Trie.root, 0)
        }
    }
}
