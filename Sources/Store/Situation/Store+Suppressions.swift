internal import GRDB
package import Records
package import Wire

/// Suppressions, what they hide, and what they would have hidden.
extension Store {
  package func suppressions() throws(StoreError) -> [Suppression] {
    try documents(Suppression.self, kind: "suppression")
  }

  /// Keeps it and says who did what, in one transaction.
  package func save(
    _ suppression: Suppression, act: String, by actor: Actor, at now: Timestamp
  ) throws(StoreError) {
    try write { db in
      let before = try String.fetchOne(
        db, sql: "SELECT json FROM document WHERE kind = 'suppression' AND id = ?", arguments: [suppression.id])
      try Store.put(db, "suppression", suppression.id, suppression)
      try Store.append(
        AuditEntry(
          time: now, actor: actor, act: act, subject: "suppression/\(suppression.id)", before: before,
          after: RecordJSON.text(suppression)), db)
    }
  }

  /// By day, the newest first.
  package func hiddenDays(id: String, limit: Int = 90) throws(StoreError) -> [SuppressionDay] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT day, alerts, rows FROM suppressionDay WHERE id = ? ORDER BY day DESC LIMIT ?",
        arguments: [id, limit]
      ).map {
        SuppressionDay(day: Timestamp(seconds: ($0["day"] as Int64) * 86_400), alerts: $0["alerts"], rows: $0["rows"])
      }
    }
  }

  /// What is looked at for one trial; a year's worth is said to be left out, not waited for.
  package static let trialRows = 50_000
  package static let trialAlerts = 300_000

  /// What it would have hidden since `since` of what is kept. `matches`: the row's own parts; `isFrom`: whether an alert
  /// came from the network, asked only where one is named.
  package func `try`(
    _ suppression: Suppression, since: Timestamp, within purview: Purview = .all,
    matches: @Sendable (QueueRow) -> Bool, isFrom: @Sendable (AlertRecord) -> Bool
  ) throws(StoreError) -> SuppressionTrial {
    let own = Store.rows(within: purview)
    return try read { db in
      var trial = TrialCount(suppression, since)
      var terms = "wing = 'sensor' AND lastSeen >= ? AND gathering IS NULL AND place <> 'own' AND \(own.sql)"
      var arguments: StatementArguments = [since.nanoseconds] + StatementArguments(own.arguments)
      if let rule = suppression.rule {
        terms += " AND checkName = ?"
        arguments += [rule]
      }
      if let site = suppression.site {
        terms += " AND site = ?"
        arguments += [site]
      }
      let rows = try Row.fetchCursor(
        db, sql: "SELECT * FROM queueRow WHERE \(terms) ORDER BY firstSeen, id LIMIT \(Store.trialRows + 1)",
        arguments: arguments)
      while let row = try rows.next() {
        guard trial.mayLookOn() else { break }
        let value = QueueTable.row(row)
        guard matches(value) else { continue }
        try trial.take(value, db, isFrom)
      }
      return trial.result
    }
  }
}

/// A trial under way.
private struct TrialCount {
  let suppression: Suppression
  private var trial: SuppressionTrial
  private var days: [Int64: (alerts: Int64, rows: Int64)] = [:]
  private var sites: [String: Int64] = [:]
  private var windows: [String: Int] = [:]
  private var rowsSeen = 0
  private var alertsRead = 0
  private static let shownAlarms = 50

  init(_ suppression: Suppression, _ since: Timestamp) {
    self.suppression = suppression
    trial = SuppressionTrial(since: since)
  }

  mutating func mayLookOn() -> Bool {
    rowsSeen += 1
    if rowsSeen > Store.trialRows { trial.leftOut = "only the first \(Store.trialRows) rows were looked at" }
    if alertsRead >= Store.trialAlerts { trial.leftOut = "only \(Store.trialAlerts) alerts were looked at" }
    return trial.leftOut == nil
  }

  mutating func take(_ row: QueueRow, _ db: Database, _ isFrom: (AlertRecord) -> Bool) throws {
    if let limit = suppression.limit, !isOver(limit, row) { return }
    let hits = suppression.network == nil ? try counted(row, db) : try read(row, db, isFrom)
    let alerts = hits.values.reduce(0, +)
    guard alerts > 0 else { return }
    trial.rows += 1
    trial.alerts += alerts
    for (day, count) in hits { days[day, default: (0, 0)].alerts += count }
    let first = max(row.firstSeen, trial.since).nanoseconds / HiddenKey.dayNanoseconds
    days[first, default: (0, 0)].rows += 1
    sites[row.site ?? row.subject, default: 0] += alerts
    alarm(row)
  }

  /// Rows beyond the limit in the window in which they began. Returns leave no trace that could be counted.
  private mutating func isOver(_ limit: Suppression.Limit, _ row: QueueRow) -> Bool {
    let subject = limit.per == .rule ? row.check : row.site ?? row.subject
    let key = "\(row.firstSeen.seconds / max(limit.seconds, 1)) \(subject)"
    windows[key, default: 0] += 1
    return windows[key, default: 0] > limit.most
  }

  private func counted(_ row: QueueRow, _ db: Database) throws -> [Int64: Int64] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT time / ? AS day, count(*) AS count FROM alert WHERE row = ? AND time >= ? GROUP BY 1"),
      arguments: [HiddenKey.dayNanoseconds, row.id, trial.since.nanoseconds])
    return Dictionary(rows.map { ($0["day"], $0["count"]) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func read(_ row: QueueRow, _ db: Database, _ isFrom: (AlertRecord) -> Bool) throws -> [Int64: Int64]
  {
    var hits: [Int64: Int64] = [:]
    let room = max(Store.trialAlerts - alertsRead, 0)
    let alerts = try Store.alerts(db, row: row.id, limit: room)
    alertsRead += alerts.count
    for alert in alerts where alert.timestamp >= trial.since && isFrom(alert) {
      hits[alert.timestamp.nanoseconds / HiddenKey.dayNanoseconds, default: 0] += 1
    }
    return hits
  }

  private mutating func alarm(_ row: QueueRow) {
    let why: SuppressionTrial.Alarm.Why? =
      switch row.outcome {
      case .compromised: .compromised
      case .succeeded: .succeeded
      default: row.triage.verdict == .truePositive ? .truePositive : row.triage.state == .escalated ? .escalated : nil
      }
    guard let why else { return }
    trial.alarmCount += 1
    guard trial.alarms.count < TrialCount.shownAlarms else { return }
    trial.alarms.append(SuppressionTrial.Alarm(row: row.id, title: row.title, site: row.site, why: why))
  }

  var result: SuppressionTrial {
    var result = trial
    result.days = days.sorted { $0.key < $1.key }.map {
      SuppressionDay(day: Timestamp(seconds: $0.key * 86_400), alerts: $0.value.alerts, rows: $0.value.rows)
    }
    let sorted = sites.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    result.sites = sorted.prefix(Facet.shown).map { Facet.Entry(value: $0.key, count: $0.value) }
    return result
  }
}
