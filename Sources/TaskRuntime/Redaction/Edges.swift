internal import Sodium

/// The trie's links from a node to children other than the one that follows it: one for each form, at most.
///
/// The root's are looked up by their byte, the others in a hash table (linear probing, at most half full).
struct Edges: ~Copyable, Sendable {
    private static let rootSlots = 256
    /// Parent, in the upper half, and child; 0 in an empty slot. The root's children come first, then the hash table.
    private var slots = SecureArray<UInt64>(zeroed: Self.rootSlots + 1024)
    private var count = 0

    /// The child of `parent` whose label is `byte`, or 0.
    func child(of parent: Int, by byte: UInt8, in labels: borrowing Labels) -> Int {
        if parent == Trie.root { return Int(slots[Int(byte)]) }
        var slot = firstSlot(parent, byte)
        while slots[slot] != 0 {
            let child = Int(UInt32(truncatingIfNeeded: slots[slot]))
            if slots[slot] >> 32 == UInt64(parent), labels[child] == byte { return child }
            slot = next(slot)
        }
        return 0
    }

    /// Adds a link that is not there yet.
    mutating func insert(parent: Int, child: Int, in labels: borrowing Labels) {
        if parent == Trie.root {
            slots[Int(labels[child])] = UInt64(child)
            return
        }
        if 2 * count >= slots.count - Self.rootSlots { rehash(labels) }
        count += 1
        place(parent, child, labels)
    }

    private mutating func place(_ parent: Int, _ child: Int, _ labels: borrowing Labels) {
        var slot = firstSlot(parent, labels[child])
        while slots[slot] != 0 { slot = next(slot) }
        slots[slot] = UInt64(parent) << 32 | UInt64(child)
    }

    private mutating func rehash(_ labels: borrowing Labels) {
        var old = SecureArray<UInt64>(zeroed: 2 * slots.count - Self.rootSlots)
        swap(&old, &slots)
        for byte in 0..<Self.rootSlots { slots[byte] = old[byte] }
        for index in Self.rootSlots..<old.count where old[index] != 0 {
            place(Int(old[index] >> 32), Int(UInt32(truncatingIfNeeded: old[index])), labels)
        }
    }

    private func firstSlot(_ parent: Int, _ byte: UInt8) -> Int {
        let hash = (UInt32(truncatingIfNeeded: parent) &* 0x9e37_79b1) ^ (UInt32(byte) &* 0x85eb_ca6b)
        return Self.rootSlots + (Int(hash) >> 8 & (slots.count - Self.rootSlots - 1))
    }

    private func next(_ slot: Int) -> Int {
        Self.rootSlots + ((slot + 1 - Self.rootSlots) & (slots.count - Self.rootSlots - 1))
    }
}
