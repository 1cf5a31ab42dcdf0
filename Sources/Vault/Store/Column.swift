internal import GRDBSQLite

/// What stands in a column, as a statement is given it: bound as it lies, where GRDB would want an object of its own for
/// each blob.
protocol Column {
    /// Binds a copy to a statement's parameter, the first of which is 1. Returns SQLite's result code.
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32
}

extension Int64: Column {
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }
}

extension Int: Column {
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        Int64(self).bind(to: statement, index)
    }
}

extension String: Column {
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        sqlite3_bind_text64(statement, index, self, UInt64(utf8.count), copied, UInt8(SQLITE_UTF8))
    }
}

extension [UInt8]: Column {
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        // A blob of no bytes, where a pointer to nothing would be NULL.
        guard !isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
        return sqlite3_bind_blob64(statement, index, self, UInt64(count), copied)
    }
}

extension Identifier: Column {
    func bind(to statement: OpaquePointer, _ index: Int32) -> Int32 {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
            sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copied)
        }
    }
}

/// `SQLITE_TRANSIENT`, which Swift does not import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
