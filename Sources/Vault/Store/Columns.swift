internal import Foundation
internal import GRDB

/// How the format's bytes pass in and out of GRDB, which knows blobs as `Data`.
extension Row {
    /// A blob column. Throws ``VaultError/damaged(_:)`` where it holds something else.
    func bytes(_ index: Int) throws(VaultError) -> [UInt8] {
        guard let data = Data.fromDatabaseValue(self[index]) else { throw .damaged(.row) }
        return Array(data)
    }

    /// An integer column.
    func integer(_ index: Int) throws(VaultError) -> Int64 {
        guard let integer = Int64.fromDatabaseValue(self[index]) else { throw .damaged(.row) }
        return integer
    }

    /// A blob column of 16 bytes.
    func id(_ index: Int) throws(VaultError) -> Identifier {
        guard let id = Identifier(bytes: try bytes(index)) else { throw .damaged(.row) }
        return id
    }
}

/// What a write is given to write with: GRDB's connection, inside a transaction.
typealias Transaction = Database

extension Database {
    /// Runs one statement, prepared once per connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row, if any, of one statement, prepared once per connection.
    func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The sequence that the next row of `table` gets: known before the row is written, because its seal names it.
    func nextSequence(in table: String) throws -> Int64 {
        guard let row = try row("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]) else { return 1 }
        // No key vouches for SQLite's own counter, so it may say anything.
        let last = try row.integer(0)
        guard (0..<Int64.max).contains(last) else { throw VaultError.damaged(.file) }
        return last + 1
    }
}

extension [UInt8] {
    /// The bytes as GRDB binds them.
    var blob: Data { Data(self) }
}
