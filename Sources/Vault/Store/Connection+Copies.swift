internal import GRDB

/// SQLite's online backup, in both directions.
extension Connection {
    /// Copies all there is into the empty `draft`, in one step and thus as one snapshot, while others write.
    ///
    /// Throws ``VaultError/damaged(_:)`` where SQLite cannot read a page, ``VaultError/storage(_:)``.
    func copy(to draft: VaultFile) throws(VaultError) {
        let target = try Self.connect(draft) { _ in }
        do throws(VaultError) {
            try VaultError.mapping { try queue.backup(to: target.queue) }
        } catch {
            try? target.close()
            throw error
        }
        try target.close()
    }

    /// Pages that are copied in one step. The first takes the write lock, and must leave some for a second: a vault, an empty
    /// one too, has more.
    private static let pagesPerStep: Int32 = 8

    /// Replaces all there is by what `source`, another file, has: in one transaction, so that whoever has this file open
    /// sees what was there before, or what is there now.
    ///
    /// `prepare` runs once, when nobody else can write here any more until all is done. It may read this file through
    /// another connection, and write to the other one, through the connection it is given or another. When it throws, nothing
    /// was changed; its error is thrown as it is.
    func replaceContent(by source: Connection, prepare: @escaping (Database) throws -> Void) throws {
        var isPrepared = false
        try source.queue.writeWithoutTransaction { from in
            try queue.writeWithoutTransaction { to in
                // The first step takes the write lock, which is kept to the end. SQLite notices when the source is written to
                // afterwards, and begins again.
                try from.backup(to: to, pagesPerStep: Self.pagesPerStep) { _ in
                    guard !isPrepared else { return }
                    isPrepared = true
                    try prepare(from)
                }
            }
        }
    }
}
