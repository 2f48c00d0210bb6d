internal import GRDB
package import Records
internal import Wire

/// Reading cursors.
extension Store {
  // MARK: cursors

  package func cursor(source: String) throws(StoreError) -> IngestCursor? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM cursor WHERE source = ?", arguments: [source]).map { row in
        IngestCursor(
          source: source, device: UInt64(row["device"] as String) ?? 0, inode: UInt64(row["inode"] as String) ?? 0,
          offset: row["place"], head: row["head"])
      }
    }
  }

  func save(_ cursor: IngestCursor, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, ?)").execute(arguments: [
      cursor.source, String(cursor.device), String(cursor.inode), cursor.offset, cursor.head,
    ])
  }
}
