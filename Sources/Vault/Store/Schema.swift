internal import GRDB

/// The tables of docs/format.md, made by named migrations in order: a later version adds one, and changes none.
enum Schema {
    /// The schema version that this program writes, in `user_version`.
    static let version: Int32 = 1

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for object in version1 { try database.execute(sql: object.sql) }
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        return migrator
    }

    /// Refuses a file whose tables and indices are not, to the letter, those of the current version, or which has more:
    /// a trigger or a view that somebody planted would run with every statement, and needs no key to lie.
    ///
    /// Throws ``VaultError/damaged(_:)``.
    static func check(_ database: Database) throws {
        // One more than there are is enough to tell, however many somebody has put there.
        let found = try database.all(
            """
            SELECT type, name, sql FROM sqlite_schema
            WHERE NOT (type = 'table' AND name = 'grdb_migrations')
                AND NOT (type = 'index' AND sql IS NULL)
            ORDER BY rowid LIMIT ?
            """, [version1.count + 1], Object.init)
        guard Set(found) == Set(version1) else { throw VaultError.damaged(.file) }
    }

    /// The names of those of our tables that are there to the letter, whatever else there is, as far as it can be read.
    static func intactTables(_ database: Database) throws -> Set<String> {
        let ours = Set(version1)
        var names: Set<String> = []
        let rows = try database.rows("SELECT type, name, sql FROM sqlite_schema WHERE rootpage > 0 LIMIT 1000")
        while let row = try? rows.next() {
            let object = Object(row)
            if object.kind == "table", ours.contains(object) { names.insert(object.name) }
        }
        return names
    }

    /// A table or an index, as SQLite keeps it in `sqlite_schema`.
    fileprivate struct Object: Hashable {
        let kind: String
        let name: String
        let sql: String
    }

    private static let version1 = [
        Object(
            kind: "table", name: "vault",
            sql: """
                CREATE TABLE vault (
                    one                 INTEGER PRIMARY KEY CHECK (one = 1),
                    vault_id            BLOB NOT NULL CHECK (length(vault_id) = 16)
                ) STRICT
                """),
        Object(
            kind: "table", name: "state",
            sql: """
                CREATE TABLE state (
                    one                 INTEGER PRIMARY KEY CHECK (one = 1),
                    sealed_state        BLOB NOT NULL
                ) STRICT
                """),
        Object(
            kind: "table", name: "key_slots",
            sql: """
                CREATE TABLE key_slots (
                    slot                INTEGER PRIMARY KEY,
                    kind                TEXT NOT NULL CHECK (kind IN ('passphrase', 'recovery')),
                    operations          INTEGER NOT NULL,
                    memory              INTEGER NOT NULL,
                    salt                BLOB NOT NULL,
                    wrapped_root_key    BLOB NOT NULL
                ) STRICT
                """),
        Object(
            kind: "table", name: "scopes",
            sql: """
                CREATE TABLE scopes (
                    sequence            INTEGER PRIMARY KEY,
                    scope_id            BLOB NOT NULL UNIQUE CHECK (length(scope_id) = 16),
                    revision            INTEGER NOT NULL,
                    wrapped_scope_key   BLOB NOT NULL,
                    sealed_details      BLOB NOT NULL
                ) STRICT
                """),
        Object(
            kind: "table", name: "secrets",
            sql: """
                CREATE TABLE secrets (
                    sequence            INTEGER PRIMARY KEY,
                    secret_id           BLOB NOT NULL UNIQUE CHECK (length(secret_id) = 16),
                    scope_id            BLOB NOT NULL REFERENCES scopes (scope_id) ON DELETE CASCADE,
                    name_tag            BLOB NOT NULL CHECK (length(name_tag) = 32),
                    metadata_revision   INTEGER NOT NULL,
                    value_revision      INTEGER NOT NULL,
                    sealed_metadata     BLOB NOT NULL,
                    sealed_value        BLOB NOT NULL,
                    UNIQUE (scope_id, name_tag)
                ) STRICT
                """),
        Object(
            kind: "index", name: "secrets_in_order",
            sql: """
                CREATE INDEX secrets_in_order ON secrets (scope_id, sequence)
                """),
        Object(
            kind: "table", name: "secret_versions",
            sql: """
                CREATE TABLE secret_versions (
                    secret_id           BLOB NOT NULL REFERENCES secrets (secret_id) ON DELETE CASCADE,
                    value_revision      INTEGER NOT NULL,
                    sealed_version      BLOB NOT NULL,
                    sealed_value        BLOB NOT NULL,
                    PRIMARY KEY (secret_id, value_revision)
                ) STRICT, WITHOUT ROWID
                """),
        Object(
            kind: "table", name: "tokens",
            sql: """
                CREATE TABLE tokens (
                    sequence            INTEGER PRIMARY KEY,
                    token_id            BLOB NOT NULL UNIQUE CHECK (length(token_id) = 16),
                    sealed_details      BLOB NOT NULL
                ) STRICT
                """),
        Object(
            kind: "table", name: "events",
            sql: """
                CREATE TABLE events (
                    sequence            INTEGER PRIMARY KEY,
                    sealed_event        BLOB NOT NULL
                ) STRICT
                """),
    ]
}

extension Schema.Object {
    fileprivate init(_ row: StoredRow) {
        let columns = (0..<3).map { row.text($0) ?? "" }
        self.init(kind: columns[0], name: columns[1], sql: columns[2])
    }
}
