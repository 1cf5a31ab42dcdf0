/// The forms to search for, as a trie whose nodes are numbered by where their labels stand.
///
/// Node `n` is reached by the byte `labels[n]`; the root is 0. Each form is written behind the last one, in full. The
/// part of it that no other form begins with is a path of its own: there the child of `n` is `n + 1` and needs no link.
/// Only where such a path leaves another one there is an edge. The bytes before it, which repeat the other form, are
/// nobody's node; they stay because a form is read as text when the failure links are made.
struct Trie: ~Copyable, Sendable {
    /// The node of the empty string.
    static let root = 0
    /// The length of the shortest form, in bytes. No failure link to a node less deep is stored.
    static let shortestForm = 6

    /// A form that has nodes of its own.
    struct Pattern {
        /// Where its bytes begin in the labels.
        let start: Int
        /// How many it has.
        let length: Int
        /// How many of these are another form's nodes.
        let shared: Int

        /// The node behind `depth` bytes, of which more than ``shared``.
        func node(depth: Int) -> Int { start + depth - 1 }
    }

    /// The labels; forms are appended here, then made part of the trie by ``insert(from:secret:)``.
    var labels: Labels
    /// What is known about the nodes at which something begins or ends.
    var waypoints = Waypoints()
    private(set) var patterns: [Pattern] = []
    private var edges = Edges()

    /// A trie without forms.
    init() {
        self.labels = Labels(capacity: 1 << 15)
        // The root's place, which no byte leads to.
        labels.append(0)
    }

    /// The child of `node` by `byte`, or 0.
    func child(of node: Int, by byte: UInt8) -> Int {
        if node != Self.root, labels[node + 1] == byte, waypoints[node]?.isLast != true { return node + 1 }
        return edges.child(of: node, by: byte, in: labels)
    }

    /// Makes the labels from `start` on a form of the secret with this index.
    ///
    /// One that is too short or that is there already is forgotten; the first secret with a form keeps it.
    mutating func insert(from start: Int, secret: Int) {
        let length = labels.count - start
        guard length >= Self.shortestForm else { return labels.truncate(to: start) }
        var node = Self.root
        var shared = 0
        while shared < length {
            let next = child(of: node, by: labels[start + shared])
            if next == Self.root { break }
            node = next
            shared += 1
        }
        if shared == length {
            labels.truncate(to: start)
        } else {
            waypoints.reserve(nodes: labels.count)
            edges.insert(parent: node, child: start + shared, in: labels)
            if waypoints.contains(node) { waypoints.update(node) { $0.isContinued = true } }
            node = start + length - 1
            waypoints.update(node) { $0.isLast = true }
            patterns.append(Pattern(start: start, length: length, shared: shared))
        }
        waypoints.update(node) {
            guard $0.matchLength == 0 else { return }
            $0.matchLength = UInt32(length)
            $0.secret = UInt32(secret)
        }
    }
}
