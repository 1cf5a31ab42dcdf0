internal import Sodium

/// One stream on its way, with each occurrence of a secret replaced by `{{$NAME}}`.
///
/// Each byte that belongs to an occurrence of any form is replaced, overlapping ones included. Of several that begin at
/// the same place the longest counts, and one within another has no label of its own. Bytes are held back only while
/// they may be the beginning of an occurrence.
public struct Redactor: ~Copyable, Sendable {
    /// The least room to read into, in bytes.
    private static let leastRoom = 1 << 16
    /// A partial match of fewer bytes than this may be shown while the stream pauses.
    private static let heldThroughPauses = 4

    private let automaton: Automaton
    private var state = Automaton.State()
    private var matches: Matches
    private var window = SecureArray<UInt8>(zeroed: 2 * Self.leastRoom)
    private var outlet = Outlet()
    // Positions in the stream: of the window's first byte, behind the last byte received, and behind the last one that
    // was handed over or replaced.
    private var origin = 0
    private var end = 0
    private var done = 0

    /// A redactor at the beginning of a stream.
    public init(_ automaton: Automaton) {
        self.automaton = automaton
        self.matches = Matches(secrets: automaton.labels.count)
    }

    /// Lends at least 64 KiB of room to read into; `body` returns how many bytes it wrote (0 or negative: nothing).
    ///
    /// Returns what `body` returned.
    public mutating func receive<E>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
    ) throws(E) -> Int {
        makeRoom()
        let filled = end - origin
        let received = try window.withUnsafeMutableElements { (window) throws(E) in
            try body(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(window)[filled...]))
        }
        guard received > 0 else { return received }
        precondition(filled + received <= window.count)
        end += received
        window.withUnsafeElements { window in
            automaton.scan(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(window)[..<(filled + received)]),
                from: filled, origin: origin, state: &state, into: &matches
            )
        }
        return received
    }

    /// Hands what is decided by now to `write`, in order, in as few pieces as possible.
    ///
    /// After an error of `write` the stream is broken off: what was being handed over may be handed over again.
    public mutating func flush<E>(to write: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        try settle(upTo: end - state.depth, write)
    }

    /// Whether ``release(to:)`` would hand over something: bytes are held back, and fewer than 4 are a partial match.
    public var isReleasable: Bool { done < end && state.depth < Self.heldThroughPauses }

    /// Hands over the bytes held back if the partial match has fewer than 4; they still count towards a match.
    ///
    /// For pauses: a prompt that ends as a secret begins is shown, and a child that writes a secret byte by byte shows
    /// the first 3.
    public mutating func release<E>(to write: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        if isReleasable { try settle(upTo: end, write) }
    }

    /// Hands over everything held back, at the end of the stream.
    public mutating func finish<E>(to write: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        state = Automaton.State()
        try settle(upTo: end, write)
    }

    /// Hands over the bytes before `limit`, with the matches replaced that begin there.
    private mutating func settle<E>(
        upTo limit: Int, _ write: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        if matches.begin(before: limit) {
            while let (match, isLabelled) = matches.next(before: limit) {
                try gather(upTo: match.start, write)
                if isLabelled { try outlet.append(label: automaton.labels[match.secret], write) }
                done = max(done, match.end)
            }
            try gather(upTo: limit, write)
            try outlet.flush(write)
        } else if done < limit {
            // Nothing to replace: the bytes go out from where they stand.
            try lend(done..<limit, to: write)
            done = limit
        }
    }

    private mutating func gather<E>(
        upTo limit: Int, _ write: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        guard done < limit else { return }
        let range = done - origin..<limit - origin
        try window.withUnsafeElements { (window) throws(E) in
            try outlet.append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(window)[range]), write)
        }
        done = limit
    }

    private borrowing func lend<E>(
        _ range: Range<Int>, to write: (UnsafeRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        try window.withUnsafeElements { (window) throws(E) in
            let bytes = UnsafeRawBufferPointer(window)
            try write(UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound - origin..<range.upperBound - origin]))
        }
    }

    /// Moves what is still needed to the front of the window, when there is too little room behind it.
    private mutating func makeRoom() {
        // Bytes of a partial match are needed even when they were released: they may have to be read again.
        let needed = min(done, end - state.depth)
        let held = end - needed
        guard held == 0 || window.count - (end - origin) < Self.leastRoom else { return }
        let offset = needed - origin
        window.withUnsafeMutableElements { window in
            UnsafeMutableRawBufferPointer(window).baseAddress!.copyMemory(
                from: UnsafeRawPointer(window.baseAddress! + offset), byteCount: held)
        }
        origin = needed
        // Half of the window stays free, so that a long partial match is not moved again and again.
        if 2 * held > window.count { window.grow(to: 2 * window.count) }
    }
}
