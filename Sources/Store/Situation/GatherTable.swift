internal import GRDB
internal import Records
internal import Wire

/// Tracks of gathering between SQLite and values. Bounded: the ones that were not touched for the longest go first.
enum GatherTable {
  /// Sources are chosen by attackers: 100,000 in a storm must not fill the store. A track is about 150 bytes.
  static let mostTracks = 50_000
  /// Removed at once beyond the limit, so that not every batch removes some.
  static let slack = 2000

  static func track(_ db: Database, _ key: GatherKey) throws -> GatherTrack? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT last, row, touched, planted FROM gatherTrack WHERE axis = ? AND key = ?"),
      arguments: [key.axis.rawValue, key.key])
    return row.map { row in
      GatherTrack(
        axis: key.axis, key: key.key, last: Timestamp(nanoseconds: row["last"]), touched: touched(row["touched"]),
        row: row["row"], planted: (row["planted"] as String).split(separator: "\n").map(String.init))
    }
  }

  static func save(_ db: Database, _ track: GatherTrack) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO gatherTrack VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
          last = excluded.last, row = excluded.row, touched = excluded.touched, planted = excluded.planted
        """
    ).execute(arguments: [
      track.axis.rawValue, track.key, track.last.nanoseconds, track.row,
      track.touched.map { "\($0.row) \($0.time.nanoseconds)" }.joined(separator: ","),
      track.planted.joined(separator: "\n"),
    ])
  }

  /// Removes what is over the limit, and counts it.
  static func bound(_ db: Database, most: Int = mostTracks) throws {
    guard try count(db, "tracks") > Int64(most) else { return }
    let kept = max(most - slack, 0)
    let total = try count(db, "tracks")
    try db.execute(
      sql: """
        DELETE FROM gatherTrack WHERE (axis, key) IN (SELECT axis, key FROM gatherTrack ORDER BY last LIMIT ?)
        """, arguments: [total - Int64(kept)])
    try db.execute(
      sql: "UPDATE gatherCount SET count = count + ? WHERE name = 'evicted'", arguments: [total - Int64(kept)])
  }

  static func count(_ db: Database, _ name: String) throws -> Int64 {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT count FROM gatherCount WHERE name = ?"), arguments: [name]) ?? 0
  }

  private static func touched(_ text: String) -> [GatherTrack.Touch] {
    text.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: " ")
      guard parts.count == 2, let row = Int64(parts[0]), let time = Int64(parts[1]) else { return nil }
      return GatherTrack.Touch(row: row, time: Timestamp(nanoseconds: time))
    }
  }
}

extension Store {
  /// Tracks kept and tracks that lost their place, since the store began.
  package func gatherCounts() throws(StoreError) -> (tracks: Int64, evicted: Int64) {
    try read { db in (try GatherTable.count(db, "tracks"), try GatherTable.count(db, "evicted")) }
  }
}
