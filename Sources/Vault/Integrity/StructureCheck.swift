internal import Dispatch
internal import GRDB
internal import Synchronization

/// SQLite's own look at the structure of a vault's file, on a connection and a thread of its own: it takes as long as the
/// look at the rows does, and needs no key.
final class StructureCheck: Sendable {
    private let verdict = Mutex<Result<Bool, VaultError>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    /// Begins to look at the file of `connection`.
    init(of connection: Connection) {
        DispatchQueue.global().async { [self] in
            let found = Result { () throws(VaultError) in try Self.isSound(connection) }
            verdict.withLock { $0 = found }
            done.signal()
        }
    }

    /// Waits for the end. Returns whether all is as it should be. Throws ``VaultError/storage(_:)``.
    func wait() throws(VaultError) -> Bool {
        done.wait()
        return try verdict.withLock { $0! }.get()
    }

    private static func isSound(_ connection: Connection) throws(VaultError) -> Bool {
        // Not read-only, since SQLite then passes over what the schema demands of each row.
        let other = try connection.another()
        defer { try? other.close() }
        if try findsNothing(other) { return true }
        // SQLite complains of a page that the disk did not give as of one that is wrong. What is wrong is so again.
        if try findsNothing(other) { throw .storage(.inputOutput(Int(ResultCode.SQLITE_IOERR.rawValue))) }
        return false
    }

    /// A row that an index leaves out would be in the digest, and in no list. One complaint is enough to know; SQLite's
    /// words for it may quote names.
    private static func findsNothing(_ connection: Connection) throws(VaultError) -> Bool {
        try connection.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") } == "ok"
    }
}
