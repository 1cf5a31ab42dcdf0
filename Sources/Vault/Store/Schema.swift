internal import GRDB

/// The tables of docs/format.md, made by named migrations in order: a later version adds one, and changes none.
enum Schema {
    /// The schema version that this program writes, in `user_version`.
    static let version = 1

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", migrate: createVault)
        return migrator
    }

    private static func createVault(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE vault (
                    one                 INTEGER PRIMARY KEY CHECK (one = 1),
                    vault_id            BLOB NOT NULL CHECK (length(vault_id) = 16)
                ) STRICT;

                CREATE TABLE key_slots (
                    slot                INTEGER PRIMARY KEY,
                    kind                TEXT NOT NULL CHECK (kind IN ('passphrase', 'recovery')),
                    operations          INTEGER NOT NULL,
                    memory              INTEGER NOT NULL,
                    salt                BLOB NOT NULL,
                    wrapped_root_key    BLOB NOT NULL
                ) STRICT;

                CREATE TABLE scopes (
                    sequence            INTEGER PRIMARY KEY AUTOINCREMENT,
                    scope_id            BLOB NOT NULL UNIQUE CHECK (length(scope_id) = 16),
                    revision            INTEGER NOT NULL,
                    wrapped_scope_key   BLOB NOT NULL,
                    sealed_details      BLOB NOT NULL
                ) STRICT;

                CREATE TABLE secrets (
                    sequence            INTEGER PRIMARY KEY AUTOINCREMENT,
                    secret_id           BLOB NOT NULL UNIQUE CHECK (length(secret_id) = 16),
                    scope_id            BLOB NOT NULL REFERENCES scopes (scope_id) ON DELETE CASCADE,
                    name_tag            BLOB NOT NULL CHECK (length(name_tag) = 32),
                    metadata_revision   INTEGER NOT NULL,
                    value_revision      INTEGER NOT NULL,
                    sealed_metadata     BLOB NOT NULL,
                    sealed_value        BLOB NOT NULL,
                    UNIQUE (scope_id, name_tag)
                ) STRICT;

                CREATE INDEX secrets_in_order ON secrets (scope_id, sequence);

                CREATE TABLE tokens (
                    sequence            INTEGER PRIMARY KEY AUTOINCREMENT,
                    token_id            BLOB NOT NULL UNIQUE CHECK (length(token_id) = 16),
                    sealed_details      BLOB NOT NULL
                ) STRICT;

                PRAGMA user_version = 1;
                """)
    }
}
