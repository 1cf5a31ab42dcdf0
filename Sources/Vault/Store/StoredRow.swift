internal import GRDB
internal import GRDBSQLite

/// A row that a statement stands at. Its columns are read where SQLite has them, since rows are read by the million, and GRDB
/// makes an object of each blob. Good until the next row is asked for.
struct StoredRow {
    private let statement: OpaquePointer
    /// Held, since the statement is reset with its end.
    private let cursor: RowCursor

    fileprivate init(_ statement: Statement, _ cursor: RowCursor) {
        self.statement = statement.sqliteStatement
        self.cursor = cursor
    }

    /// How many columns there are.
    var count: Int { Int(sqlite3_column_count(statement)) }

    /// A blob column. Throws ``VaultError/damaged(_:)`` where it holds something else.
    ///
    /// Text will do as well: one bit tells them apart in the file, and whether the bytes are the right ones is for their seal
    /// to say.
    func bytes(_ index: Int) throws(VaultError) -> [UInt8] {
        [UInt8](try blob(index))
    }

    /// The same where it lies.
    private func blob(_ index: Int) throws(VaultError) -> UnsafeRawBufferPointer {
        let kind = sqlite3_column_type(statement, Int32(index))
        guard kind == SQLITE_BLOB || kind == SQLITE_TEXT else { throw .damaged(.row) }
        // Before the count, as SQLite asks.
        let start = sqlite3_column_blob(statement, Int32(index))
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    /// An integer column. Throws ``VaultError/damaged(_:)`` where it holds something else.
    func integer(_ index: Int) throws(VaultError) -> Int64 {
        guard sqlite3_column_type(statement, Int32(index)) == SQLITE_INTEGER else { throw .damaged(.row) }
        return sqlite3_column_int64(statement, Int32(index))
    }

    /// A blob column of 16 bytes. Throws ``VaultError/damaged(_:)`` where it holds something else.
    func id(_ index: Int) throws(VaultError) -> Identifier {
        guard let id = Identifier(bytes: try blob(index)) else { throw .damaged(.row) }
        return id
    }

    /// A text column, or a blob that is read as one; nil where it holds something else.
    func text(_ index: Int) -> String? {
        (try? bytes(index)).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// The rows that a statement finds.
struct StoredRows {
    private let statement: Statement
    private let cursor: RowCursor

    fileprivate init(_ statement: Statement) throws {
        self.statement = statement
        cursor = try Row.fetchCursor(statement)
    }

    /// The row that follows; nil when there is none.
    func next() throws -> StoredRow? {
        try cursor.next().map { _ in StoredRow(statement, cursor) }
    }
}

extension Database {
    /// Runs one statement, prepared once per connection.
    func run(_ sql: String, _ columns: [any Column]) throws {
        try statement(sql, columns).execute()
    }

    /// The rows that one statement finds, prepared once per connection.
    func rows(_ sql: String, _ columns: [any Column] = []) throws -> StoredRows {
        try StoredRows(statement(sql, columns))
    }

    /// Hands each row that `sql` selects to `body`, as `make` reads it; as a failure where it cannot be read as one.
    func eachRow<R>(
        _ sql: String, _ make: (StoredRow) throws -> R, _ body: (Result<R, any Error>) throws -> Void
    ) throws {
        let rows = try rows(sql)
        while let row = try rows.next() { try body(Result { try make(row) }) }
    }

    /// All rows that one statement finds, as `make` reads them.
    func all<R>(_ sql: String, _ columns: [any Column], _ make: (StoredRow) throws -> R) throws -> [R] {
        let rows = try rows(sql, columns)
        var all: [R] = []
        while let row = try rows.next() { all.append(try make(row)) }
        return all
    }

    /// The first row, if any, that one statement finds.
    func first(_ sql: String, _ columns: [any Column]) throws -> StoredRow? {
        try rows(sql, columns).next()
    }

    /// A statement, prepared once per connection, with what it is given.
    private func statement(_ sql: String, _ columns: [any Column]) throws -> Statement {
        let statement = try cachedStatement(sql: sql)
        // Takes back what was bound before, and has GRDB leave alone what is bound now.
        statement.setUncheckedArguments([])
        precondition(columns.count == sqlite3_bind_parameter_count(statement.sqliteStatement))
        for (index, column) in columns.enumerated() {
            let code = column.bind(to: statement.sqliteStatement, Int32(index + 1))
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code), sql: sql) }
        }
        return statement
    }
}
