internal import Foundation
internal import GRDB

/// How the format's bytes pass in and out of GRDB, which knows blobs as `Data`.
extension Row {
    /// A blob column. Throws ``VaultError/damaged(_:)`` where it holds something else.
    func bytes(_ index: Int) throws(VaultError) -> [UInt8] {
        // Lent rather than asked for: rows are read by the million, and each `Data` is one allocation more.
        let bytes = try? withUnsafeData(atIndex: index) { data in data.map { [UInt8]($0) } }
        guard let bytes else { throw .damaged(.row) }
        return bytes
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

extension Database {
    /// Runs one statement, prepared once per connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// Hands each row that `sql` selects to `body`, as `make` reads it; as a failure where it cannot be read as one.
    func eachRow<R>(
        _ sql: String, _ make: (Row) throws -> R, _ body: (Result<R, any Error>) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql))
        while let row = try rows.next() { try body(Result { try make(row) }) }
    }

    /// The first row, if any, of one statement, prepared once per connection.
    func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }
}

extension [UInt8] {
    /// The bytes as GRDB binds them.
    var blob: Data { Data(self) }
}
