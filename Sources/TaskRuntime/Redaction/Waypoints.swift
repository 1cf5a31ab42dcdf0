internal import Sodium

/// What is known about one of the trie's nodes beyond its label.
struct Waypoint: BitwiseCopyable {
    /// The node; 0, the root, in an empty slot.
    var node: UInt32 = 0
    /// The node of the longest proper suffix that some form begins with; 0 when that is shorter than every form.
    var failure: UInt32 = 0
    /// How many bytes that suffix has.
    var failureDepth: UInt32 = 0
    /// The length of the longest form that ends here, 0 if none does.
    var matchLength: UInt32 = 0
    /// The index of the secret whose form that is.
    var secret: UInt32 = 0
    /// Whether the node is the last of its form, so that the next label belongs to another one.
    var isLast = false
    /// Whether a longer form goes on from the last node of this one.
    var isContinued = false

    /// Whether no form goes on from here.
    var isLeaf: Bool { isLast && !isContinued }
}

/// The few nodes of a trie that need more than their label: those at which a form ends, and those from which on the
/// failure links of the nodes that follow count up by one.
///
/// One bit for each node says whether it is one of them; the rest stands in a hash table (linear probing, at most half
/// full). So a node costs nine bits, where a table of links would cost forty.
struct Waypoints: ~Copyable, Sendable {
    /// No run of failure links goes on past a node whose number is a multiple of this: that bounds the way back to its
    /// beginning.
    static let longestRun = 1024

    private var marks = SecureArray<UInt64>(zeroed: (1 << 15) / 64)
    private var slots = SecureArray<Waypoint>(zeroed: 1024)
    private var count = 0

    /// Makes room for the marks of nodes below `nodes`.
    mutating func reserve(nodes: Int) {
        guard nodes > marks.count * 64 else { return }
        marks.grow(to: max(2 * marks.count, (nodes + 63) / 64))
    }

    /// Whether `node` is a waypoint.
    func contains(_ node: Int) -> Bool {
        marks[node / 64] >> UInt64(node % 64) & 1 != 0
    }

    /// What is known about `node`, if it is a waypoint.
    subscript(node: Int) -> Waypoint? {
        contains(node) ? slots[slot(of: node)] : nil
    }

    /// The nearest waypoint at or before `node`, no further back than a run of failure links can begin.
    func last(through node: Int) -> Waypoint? {
        var word = node / 64
        let first = node / Self.longestRun * (Self.longestRun / 64)
        // Those of the word's nodes that come after `node` do not count.
        var bits = marks[word] & (.max >> UInt64(63 - node % 64))
        while bits == 0 {
            guard word > first else { return nil }
            word -= 1
            bits = marks[word]
        }
        return slots[slot(of: word * 64 + 63 - bits.leadingZeroBitCount)]
    }

    /// Makes `node` a waypoint if it is none, and lets `body` change what is known about it.
    mutating func update(_ node: Int, _ body: (inout Waypoint) -> Void) {
        if !contains(node) {
            if 2 * count >= slots.count { rehash() }
            marks[node / 64] |= 1 << UInt64(node % 64)
            count += 1
        }
        let slot = slot(of: node)
        var waypoint = slots[slot]
        waypoint.node = UInt32(node)
        body(&waypoint)
        slots[slot] = waypoint
    }

    /// Where `node` stands, or would.
    private func slot(of node: Int) -> Int {
        let key = UInt32(truncatingIfNeeded: node)
        // Fibonacci hashing; the number of slots is a power of two.
        var slot = Int(key &* 0x9e37_79b1) >> 8 & (slots.count - 1)
        while slots[slot].node != 0 && slots[slot].node != key { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    private mutating func rehash() {
        var old = SecureArray<Waypoint>(zeroed: 2 * slots.count)
        swap(&old, &slots)
        for index in 0..<old.count where old[index].node != 0 {
            slots[slot(of: Int(old[index].node))] = old[index]
        }
    }
}
