internal import Sodium

/// The chain through the log: each link is a keyed hash over the link before and the event, so that none can be left out,
/// exchanged or added without the key, and the last one, in the state, stands for all (docs/format.md, "Audit log").
enum EventChain {
    /// The size of a link in bytes.
    static let linkByteCount = KeyedHash.byteCount
    /// The link before the first event of all.
    static let start = [UInt8](repeating: 0, count: linkByteCount)

    /// The link of `event`, which follows `link`.
    static func link(_ event: EventRow, after link: [UInt8], using key: borrowing SecretKey) -> [UInt8] {
        var fingerprint = RowFingerprint(.event)
        fingerprint.append(link)
        fingerprint.append(event.sequence)
        fingerprint.append(event.sealedEvent)
        return KeyedHash.tag(of: fingerprint.bytes, using: key)
    }
}
