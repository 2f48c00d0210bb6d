internal import GRDB
package import Records
package import Wire

/// What reports of the duty are made from, and the reports.
extension Store {
  // MARK: blindness

  /// A span that is over, or one that has begun (`until` nil).
  package func keep(blindness span: BlindSpan, isOver: Bool) throws(StoreError) {
    try write { try Store.keep(span, isOver: isOver, $0) }
  }

  static func keep(_ span: BlindSpan, isOver: Bool, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO blindness (cause, source, since, until, reason, packets) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        span.cause.rawValue, span.source, span.from.nanoseconds, isOver ? span.until.nanoseconds : nil, span.reason,
        span.packets.map(Int64.init(clamping:)),
      ])
  }

  static func keep(_ interval: BlindInterval, _ db: Database) throws {
    let span = BlindSpan(
      cause: .sensor, source: interval.sensor, from: interval.from, until: interval.until, reason: interval.reason,
      packets: interval.packets)
    try keep(span, isOver: true, db)
  }

  /// Ends what has begun of a source.
  package func endBlindness(of source: String, at now: Timestamp) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE blindness SET until = ? WHERE source = ? AND until IS NULL", arguments: [now.nanoseconds, source])
    }
  }

  /// What touches the span; that which goes on ends at `now`.
  package func blindness(from: Timestamp, until: Timestamp, now: Timestamp) throws(StoreError) -> [BlindSpan] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM blindness WHERE since < ? AND (until IS NULL OR until > ?) ORDER BY since LIMIT 10000",
        arguments: [until.nanoseconds, from.nanoseconds]
      ).map { row in
        BlindSpan(
          cause: BlindSpan.Cause(rawValue: row["cause"]) ?? .sensor, source: row["source"],
          from: Timestamp(nanoseconds: row["since"]),
          until: (row["until"] as Int64?).map { Timestamp(nanoseconds: $0) } ?? now, reason: row["reason"],
          packets: (row["packets"] as Int64?).map(UInt64.init(clamping:)))
      }
    }
  }

  /// Sources whose blindness goes on.
  package func openBlindness() throws(StoreError) -> Set<String> {
    try read { try String.fetchSet($0, sql: "SELECT DISTINCT source FROM blindness WHERE until IS NULL") }
  }

  // MARK: rows

  /// Rows that came in the span, drills left out: how many of each severity, and those that a report must judge.
  package func dutyRows(from: Timestamp, until: Timestamp) throws(StoreError) -> (counts: [Int], worst: [QueueRow]) {
    try read { db in
      let span: StatementArguments = [from.nanoseconds, until.nanoseconds]
      let filter = "firstSeen >= ? AND firstSeen < ? AND checkName NOT LIKE '9001:%'"
      var counts = [Int](repeating: 0, count: Severity.allCases.count)
      for row in try Row.fetchAll(
        db, sql: "SELECT severity, count(*) AS n FROM queueRow WHERE \(filter) GROUP BY severity", arguments: span)
      {
        counts[Severity(rank: row["severity"]).rank] += row["n"]
      }
      let worst = try Row.fetchAll(
        db,
        sql: "SELECT * FROM queueRow WHERE \(filter) AND (severity >= ? OR outcome >= ?) ORDER BY id LIMIT ?",
        arguments: span + [Severity.high.rank, Outcome.succeeded.rank, Store.mostJudged]
      ).map { QueueTable.row($0) }
      return (counts, worst)
    }
  }

  /// Behind so many nobody asks whether it was zero.
  private static let mostJudged = 10_000

  // MARK: reports

  /// Keeps a report, or the same with its signature; audited.
  package func keep(_ report: DutyReport, audit: AuditEntry, line: DutyLine) throws(StoreError) -> DutyReport {
    try write { db in
      var report = report
      if report.id == 0 {
        try db.execute(
          sql: "INSERT INTO dutyReport (kind, since, until, json) VALUES (?, ?, ?, ?)",
          arguments: [
            report.kind.rawValue, report.from.nanoseconds, report.until.nanoseconds, RecordJSON.text(report),
          ])
        report.id = db.lastInsertedRowID
      } else {
        try db.execute(
          sql: "UPDATE dutyReport SET json = ? WHERE id = ?", arguments: [RecordJSON.text(report), report.id])
      }
      var audit = audit
      audit.subject = "report/\(report.id)"
      audit.after = try RecordJSON.text(report)
      try Store.append(audit, db)
      try Store.append(line, db)
      return report
    }
  }

  /// The newest first.
  package func dutyReports(limit: Int = 100) throws(StoreError) -> [DutyReport] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT id, json FROM dutyReport ORDER BY id DESC LIMIT ?", arguments: [limit])
        .map { try Store.report($0) }
    }
  }

  package func dutyReport(_ id: Int64) throws(StoreError) -> DutyReport {
    try read { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT id, json FROM dutyReport WHERE id = ?", arguments: [id]) else {
        throw StoreError(.notFound, "there is no report \(id)")
      }
      return try Store.report(row)
    }
  }

  private static func report(_ row: Row) throws -> DutyReport {
    var report = try RecordJSON.decode(DutyReport.self, from: row["json"] as String)
    report.id = row["id"]
    return report
  }

  package func keepTicks(
    _ ticks: some Encodable, period: String, audit: AuditEntry, line: DutyLine
  ) throws(StoreError) {
    try write { db in
      try Store.put(db, "guardTicks", period, ticks)
      try Store.append(audit, db)
      try Store.append(line, db)
    }
  }

  // MARK: canary, drills

  /// Runs of the last hours stay; what is older goes.
  package func keep(_ runs: [CanaryRun], now: Timestamp) throws(StoreError) {
    try write { db in
      for run in runs {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO canaryRun VALUES (?, ?, ?)").execute(
          arguments: [run.id, run.sent.nanoseconds, RecordJSON.text(run)])
      }
      try db.execute(
        sql: "DELETE FROM canaryRun WHERE sent < ?", arguments: [now.advanced(seconds: -7 * 86_400).nanoseconds])
    }
  }

  /// Oldest first.
  package func canaryRuns(since: Timestamp) throws(StoreError) -> [CanaryRun] {
    try read { db in
      try String.fetchAll(
        db, sql: "SELECT json FROM canaryRun WHERE sent >= ? ORDER BY sent LIMIT 1000", arguments: [since.nanoseconds]
      ).map { try RecordJSON.decode(CanaryRun.self, from: $0) }
    }
  }

  package func keep(_ drill: Drill, audit: AuditEntry?, lines: [DutyLine]) throws(StoreError) {
    try write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO drill VALUES (?, ?, ?)",
        arguments: [drill.id, RecordJSON.text(drill), drill.until?.nanoseconds])
      if let audit { try Store.append(audit, db) }
      for line in lines { try Store.append(line, db) }
    }
  }

  /// The newest first.
  package func drills() throws(StoreError) -> [Drill] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT json FROM drill").map { try RecordJSON.decode(Drill.self, from: $0) }
        .sorted { ($1.from, $0.id) < ($0.from, $1.id) }
    }
  }
}
