/// Tokens; people are documents of the kind `person`.
enum PeopleTable {
  /// A revoked or expired token stays as long as retention keeps it, so that the audit's origins can be read.
  static let schema = """
    CREATE TABLE token (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, hash TEXT NOT NULL, json TEXT NOT NULL, expires INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX tokenPerson ON token(person);
    """
}
