import GRDB

/// The tables of a feature library.
///
/// - `library`: one row: the pack, and the template of icons.
/// - `build`: at most one row: which pictures the statistics are of, which shard of them, and how far the work is.
/// - `features`: one row for each feature of the pack, dead ones too, with its label and statistics.
/// - `histograms`: of the features that are active: how often in each range of `ActivationHistogram`, as 32-bit little-endian numbers.
/// - `pictures`: those that are among the strongest of any feature. Their numbers are their places among all pictures of the build.
/// - `examples`: a feature's strongest pictures, strongest first.
/// - `icons`: what a feature does, as one PNG of several pictures side by side.
/// - `groups`, `group_members`, `directions`: what the user made.
/// - `tallies`, `candidates`: what an unfinished build has counted, and the pictures that may stay; empty otherwise.
/// - `words`: the full-text index of the labels that are shown, kept by triggers.
enum LibrarySchema {
    /// Stands in the file's header, where it tells a library from any other SQLite file: "FADR".
    static let applicationID = 0x4641_4452
    static let version = 1

    /// The steps by which a library came to have these tables. A later one is registered behind the last; none is ever changed.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: tables") { database in
            // Libraries from before there were steps have them.
            if try !database.tableExists("library") { try create(database) }
        }
        return migrator
    }

    static func create(_ database: Database) throws {
        try database.execute(sql: tables + triggers)
        try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }

    private static let tables = """
        CREATE TABLE library (
            id INTEGER PRIMARY KEY CHECK (id = 1), pack TEXT NOT NULL, fingerprint TEXT NOT NULL, feature_count INTEGER NOT NULL,
            names_digest TEXT, template BLOB);
        CREATE TABLE build (
            id INTEGER PRIMARY KEY CHECK (id = 1), source TEXT NOT NULL, source_path TEXT NOT NULL, source_count INTEGER NOT NULL,
            shard INTEGER NOT NULL, shard_count INTEGER NOT NULL, next INTEGER NOT NULL, embeddings INTEGER NOT NULL,
            is_finished INTEGER NOT NULL);
        CREATE TABLE features (
            id INTEGER PRIMARY KEY, fired INTEGER, sum REAL, density REAL, mean REAL, maximum REAL, norm REAL, label TEXT,
            label_source TEXT, score REAL, runner_up TEXT, runner_up_score REAL, user_label TEXT);
        CREATE INDEX features_by_density ON features (density DESC, id);
        CREATE INDEX features_by_maximum ON features (maximum DESC, id);
        CREATE TABLE histograms (feature INTEGER PRIMARY KEY, counts BLOB NOT NULL);
        CREATE TABLE pictures (id INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT, thumbnail BLOB, embedding BLOB NOT NULL);
        CREATE TABLE examples (
            feature INTEGER NOT NULL, rank INTEGER NOT NULL, activation REAL NOT NULL, picture INTEGER NOT NULL,
            PRIMARY KEY (feature, rank)) WITHOUT ROWID;
        CREATE TABLE icons (feature INTEGER PRIMARY KEY, made_with TEXT NOT NULL, activations TEXT NOT NULL, strip BLOB NOT NULL);
        CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE group_members (
            group_id INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE, place INTEGER NOT NULL, feature INTEGER NOT NULL,
            weight REAL NOT NULL, PRIMARY KEY (group_id, place)) WITHOUT ROWID;
        CREATE TABLE directions (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, origin TEXT, target TEXT NOT NULL, count INTEGER NOT NULL,
            seed INTEGER NOT NULL, vector BLOB NOT NULL);
        CREATE TABLE tallies (first INTEGER PRIMARY KEY, counts BLOB NOT NULL);
        CREATE TABLE candidates (id INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT, thumbnail BLOB, embedding BLOB NOT NULL);
        CREATE VIRTUAL TABLE words USING fts5(label, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3');

        """

    private static let triggers = """
        CREATE TRIGGER words_added AFTER INSERT ON features WHEN coalesce(new.user_label, new.label) IS NOT NULL BEGIN
            INSERT INTO words (rowid, label) VALUES (new.id, coalesce(new.user_label, new.label));
        END;
        CREATE TRIGGER words_changed AFTER UPDATE OF label, user_label ON features
        WHEN coalesce(new.user_label, new.label) IS NOT coalesce(old.user_label, old.label) BEGIN
            DELETE FROM words WHERE rowid = new.id;
            INSERT INTO words (rowid, label) SELECT new.id, coalesce(new.user_label, new.label)
            WHERE coalesce(new.user_label, new.label) IS NOT NULL;
        END;
        """
}
