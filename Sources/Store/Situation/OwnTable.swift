internal import GRDB
internal import Records
package import Wire

/// Connections of our own scanners, and alerts that may be of one of them until that is known.
enum OwnTable {
  /// Sensor and scanner have clocks of their own.
  static let clockSlackSeconds = 5.0
  /// Of a connection whose end was never told: no engine's exchange is longer.
  static let longestSeconds = 600.0
  /// How long an alert waits for a scanner's word, which comes within a second of the connection's beginning.
  static let waitSeconds = 5.0
  /// Whoever shares a scanner's address must not fill the store; what comes over the limit waits no more.
  static let mostWaiting = 10_000
  static let keptSeconds = 3600.0

  static func save(_ connection: OwnConnection, _ db: Database) throws {
    let closed = connection.closed ?? connection.opened.advanced(seconds: longestSeconds)
    let ends: StatementArguments = [
      connection.remote.description, Int(connection.remotePort), connection.local.description,
      Int(connection.localPort),
      connection.transport, connection.opened.nanoseconds,
    ]
    try db.cachedStatement(
      sql: """
        UPDATE ownConnection SET closed = ?7 WHERE remote = ?1 AND remotePort = ?2 AND local = ?3 AND localPort = ?4
          AND transport = ?5 AND opened = ?6
        """
    ).execute(arguments: ends + [closed.nanoseconds])
    guard db.changesCount == 0 else { return }
    try db.cachedStatement(
      sql: """
        INSERT INTO ownConnection (remote, remotePort, local, localPort, transport, opened, closed, engine)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """
    ).execute(arguments: ends + [closed.nanoseconds, connection.engine])
  }

  /// Whether the alert is of a connection that a scanner of ours had open then: address and port of both ends, the
  /// transport and the time. Nothing less earns the label.
  static func isOwn(_ alert: AlertRecord, _ db: Database) throws -> Bool {
    guard let source = alert.source, let destination = alert.destination, alert.sourcePort != 0 else { return false }
    let slack = Int64(clockSlackSeconds * 1e9)
    let statement = try db.cachedStatement(
      sql: """
        SELECT 1 FROM ownConnection WHERE remote = ? AND remotePort = ? AND localPort = ? AND local = ? AND transport = ?
          AND opened <= ? AND closed >= ? LIMIT 1
        """)
    let time = alert.timestamp.nanoseconds
    for (remote, remotePort, local, localPort) in [
      (destination, alert.destinationPort, source, alert.sourcePort),
      (source, alert.sourcePort, destination, alert.destinationPort),
    ] {
      let found = try Int.fetchOne(
        statement,
        arguments: [
          remote.description, Int(remotePort), Int(localPort), local.description, alert.transport.uppercased(),
          time.addingSlack(slack), time.addingSlack(-slack),
        ])
      if found != nil { return true }
    }
    return false
  }

  static func waiting(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM ownWaiting") ?? 0
  }

  static func wait(_ line: [UInt8], source: String, until due: Timestamp, _ db: Database) throws {
    try db.cachedStatement(sql: "INSERT INTO ownWaiting (due, source, line) VALUES (?, ?, ?)").execute(
      arguments: [due.nanoseconds, source, String(decoding: line, as: UTF8.self)])
  }
}

extension Int64 {
  fileprivate func addingSlack(_ slack: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(slack)
    return overflow ? (slack > 0 ? .max : .min) : sum
  }
}

extension Store {
  /// Folds the alerts that waited for a scanner's word: those of our own connections as such, the others when their time
  /// has come. Call it every second.
  package func settleOwn(policy: IngestPolicy, now: Timestamp) throws(StoreError) -> IngestResult {
    let hasWork = try read { db in try Int.fetchOne(db, sql: "SELECT 1 FROM ownWaiting LIMIT 1") != nil }
    guard hasWork else { return IngestResult() }
    return try write { db in
      var pass = IngestPass(store: self, policy: policy, now: now)
      for row in try Row.fetchAll(db, sql: "SELECT * FROM ownWaiting ORDER BY id LIMIT 5000") {
        if try pass.settle(Array((row["line"] as String).utf8), source: row["source"], due: row["due"], db) {
          try db.cachedStatement(sql: "DELETE FROM ownWaiting WHERE id = ?").execute(arguments: [row["id"] as Int64])
        }
      }
      try db.execute(
        sql: "DELETE FROM ownConnection WHERE closed < ?",
        arguments: [now.advanced(seconds: -OwnTable.keptSeconds).nanoseconds])
      try pass.finish(db)
      return pass.result
    }
  }

  /// Alerts that wait for a scanner's word.
  package func waitingOwn() throws(StoreError) -> Int {
    try read { db in try OwnTable.waiting(db) }
  }
}
