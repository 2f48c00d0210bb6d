internal import GRDB
internal import Records
internal import Wire

/// Texts of network rules that raised an alert, once each: sensors tell them before a rule's first alert.
enum RuleTextTable {
  static let schema = """
    CREATE TABLE ruleText (
      gid INTEGER NOT NULL, sid INTEGER NOT NULL, rev INTEGER NOT NULL, text TEXT NOT NULL, told INTEGER NOT NULL,
      PRIMARY KEY (gid, sid, rev)
    ) WITHOUT ROWID;
    CREATE INDEX ruleTextTold ON ruleText(told);
    """

  /// Four times the largest public rule set; of more, those told longest ago go.
  static let limit = 100_000

  static func save(_ rule: RuleText, _ db: Database, at now: Timestamp) throws {
    guard rule.text.utf8.count <= RuleText.limit else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO ruleText VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET text = excluded.text, told = excluded.told
        """
    ).execute(
      arguments: [Int64(rule.gid), Int64(rule.sid), Int64(rule.rev), rule.text, now.nanoseconds])
  }

  static func text(_ db: Database, of signature: AlertRecord.Signature) throws -> RuleText? {
    let text = try String.fetchOne(
      db.cachedStatement(sql: "SELECT text FROM ruleText WHERE gid = ? AND sid = ? AND rev = ?"),
      arguments: [Int64(signature.gid), Int64(signature.sid), Int64(signature.rev)])
    return text.map { RuleText(gid: signature.gid, sid: signature.sid, rev: signature.rev, text: $0) }
  }

  static func trim(_ db: Database, to limit: Int = limit) throws -> Int {
    try db.execute(
      sql: """
        DELETE FROM ruleText WHERE (gid, sid, rev) IN (
          SELECT gid, sid, rev FROM ruleText ORDER BY told DESC LIMIT -1 OFFSET ?)
        """, arguments: [limit])
    return db.changesCount
  }
}
