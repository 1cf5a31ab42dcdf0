internal import GRDB

extension VaultError {
    /// Runs `body` and turns whatever it throws into a ``VaultError``.
    ///
    /// SQLite's messages stop here: they may quote a path or a statement.
    static func mapping<R>(_ body: () throws -> R) throws(VaultError) -> R {
        do {
            return try body()
        } catch let error as VaultError {
            throw error
        } catch let error as DatabaseError {
            throw VaultError(error)
        } catch {
            throw .storage(.inputOutput(0))
        }
    }

    private init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_SCHEMA, .SQLITE_ERROR,
            .SQLITE_CONSTRAINT:
            // SQLITE_ERROR comes of statements that do not fit the schema, and the statements are fixed; a constraint
            // that can be broken by what is asked for was turned into an error of its own before.
            self = .damaged(.file)
        case .SQLITE_READONLY: self = .storage(.readOnly)
        case .SQLITE_FULL: self = .storage(.full)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .storage(.busy)
        case .SQLITE_PERM, .SQLITE_AUTH: self = .storage(.permission)
        case .SQLITE_NOMEM: self = .outOfMemory
        default: self = .storage(.inputOutput(Int(error.extendedResultCode.rawValue)))
        }
    }
}

extension DatabaseError {
    /// Whether a row with that key exists already.
    var isUniqueViolation: Bool { extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE }
    /// Whether the row that is referred to does not exist.
    var isForeignKeyViolation: Bool { extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY }
}
