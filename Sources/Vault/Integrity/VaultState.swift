internal import Sodium

/// What a vault as a whole was when it was last written, sealed: how often it was written, which rows it has, and where
/// its log ends (docs/format.md, "State").
///
/// It turns a row that was deleted, added or put back, and a file that is older than it should be, into damage that is
/// noticed. Each write brings it up to date within its own transaction.
struct VaultState: Equatable, Sendable {
    /// The tables whose rows the state counts, in the order of the record.
    enum Table: Int, CaseIterable, Sendable {
        case keySlots
        case scopes
        case secrets
        case secretVersions
        case tokens

        /// The table's name in the schema.
        var name: String {
            switch self {
            case .keySlots: "key_slots"
            case .scopes: "scopes"
            case .secrets: "secrets"
            case .secretVersions: "secret_versions"
            case .tokens: "tokens"
            }
        }
    }

    /// How many transactions have written to this vault.
    var epoch: UInt64 = 0
    /// The digest of all rows of all ``Table``s.
    var digest = StateDigest()
    /// How many rows each table has.
    var counts = [UInt64](repeating: 0, count: Table.allCases.count)
    /// The sequences given last to a scope, a secret and a token; none is given twice.
    var lastScope: Int64 = 0
    var lastSecret: Int64 = 0
    var lastToken: Int64 = 0
    /// Where the log begins and ends.
    var log = LogState()
    /// What authenticates marks of this vault.
    let markKey: MarkKey

    /// How many rows `table` has.
    subscript(table: Table) -> UInt64 {
        get { counts[table.rawValue] }
        set { counts[table.rawValue] = newValue }
    }
}

/// The ends of the log: what the events between them have to lead from, and to.
struct LogState: Equatable, Sendable {
    /// The sequence of the first event that is kept; one more than ``last`` where there is none.
    var first: Int64 = 1
    /// The sequence of the last event.
    var last: Int64 = 0
    /// The link before the first event that is kept: the checkpoint that those before it were replaced by.
    var base = EventChain.start
    /// The link of the last event.
    var head = EventChain.start
}

extension VaultState {
    private static let recordVersion: UInt8 = 1

    /// The record to seal: of one size always, so that its row is overwritten in place.
    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(Self.recordVersion)
        writer.write(epoch)
        writer.write(bytes: digest.bytes)
        for count in counts { writer.write(count) }
        writer.write(lastScope)
        writer.write(lastSecret)
        writer.write(lastToken)
        writer.write(log.first)
        writer.write(log.last)
        writer.write(bytes: log.base)
        writer.write(bytes: log.head)
        markKey.key.withUnsafeBytes { writer.write(bytes: Array($0)) }
        return writer.bytes
    }

    /// The state in an opened record.
    init(decoding record: UnsafeRawBufferPointer) throws(RecordError) {
        self = try RecordReader.read(record) { reader throws(RecordError) in
            try reader.version(Self.recordVersion)
            let epoch = try reader.integer(UInt64.self)
            let digest = StateDigest(bytes: try reader.bytes(StateDigest.byteCount))!
            var counts: [UInt64] = []
            for _ in Table.allCases { counts.append(try reader.integer(UInt64.self)) }
            let lastScope = try reader.integer(Int64.self)
            let lastSecret = try reader.integer(Int64.self)
            let lastToken = try reader.integer(Int64.self)
            let log = LogState(
                first: try reader.integer(Int64.self), last: try reader.integer(Int64.self),
                base: Array(try reader.bytes(EventChain.linkByteCount)),
                head: Array(try reader.bytes(EventChain.linkByteCount)))
            return VaultState(
                epoch: epoch, digest: digest, counts: counts, lastScope: lastScope, lastSecret: lastSecret,
                lastToken: lastToken, log: log, markKey: MarkKey(bytes: try reader.bytes(SecretKey.byteCount)))
        }
    }
}
