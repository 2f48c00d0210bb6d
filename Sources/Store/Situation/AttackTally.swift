internal import GRDB
internal import Records
internal import Wire

/// What one batch's alerts add to the counters of the situation: folded in memory, written once a batch.
struct AttackTally {
  enum Kind: String { case source, target, technique }

  private struct Cell: Hashable {
    var hour: Int64
    var kind: Kind
  }
  private struct Reach: Hashable {
    var kind: Kind
    var value: String
    var site: String
  }
  private struct FindingHour: Hashable {
    var finding: Int64
    var hour: Int64
  }

  private var counts: [Cell: [String: Int64]] = [:]
  private var totals: [Cell: (total: Int64, short: Int64)] = [:]
  private var reach: [Reach: (began: Timestamp, ended: Timestamp)] = [:]
  private var findings: [FindingHour: (count: Int64, outcome: Outcome)] = [:]
  private var exploits: [(finding: Int64, row: QueueRow, time: Timestamp)] = []

  /// `source` is the end that is not ours; nil: the alert is no attack (one of Vigil's own). A sensor's clock that runs
  /// ahead counts in the hour that is.
  mutating func note(
    _ alert: AlertRecord, from source: String?, _ owner: SiteAttribution, into group: AlertGroup, at now: Timestamp
  ) {
    guard let source else { return }
    let seen = min(alert.timestamp, now)
    let hour = seen.seconds / 3600
    add(source, Cell(hour: hour, kind: .source))
    add(owner.site ?? owner.subject, Cell(hour: hour, kind: .target))
    if let site = owner.site {
      reached(Reach(kind: .source, value: source, site: site), seen)
      reached(Reach(kind: .technique, value: alert.signature.id, site: site), seen)
    }
    guard let finding = group.weakness else { return }
    let key = FindingHour(finding: finding, hour: hour)
    let before = findings[key]
    findings[key] = ((before?.count ?? 0) + 1, max(before?.outcome ?? .failed, group.row.outcome))
    if group.row.outcome >= .succeeded { exploits.append((finding, group.row, seen)) }
  }

  private mutating func reached(_ pair: Reach, _ seen: Timestamp) {
    let known = reach[pair] ?? (seen, seen)
    reach[pair] = (min(known.began, seen), max(known.ended, seen))
  }

  private mutating func add(_ value: String, _ cell: Cell) {
    counts[cell, default: [:]][value, default: 0] += 1
    totals[cell, default: (0, 0)].total += 1
  }

  // MARK: writing

  mutating func flush(_ db: Database, at now: Timestamp) throws {
    for cell in counts.keys { try flush(cell, db) }
    try flushReach(db, at: now)
    for (key, value) in findings {
      try db.cachedStatement(
        sql: """
          INSERT INTO attackOnFinding VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, outcome = max(outcome, excluded.outcome)
          """
      ).execute(arguments: [key.finding, key.hour, value.count, value.outcome.rank])
    }
    for exploit in exploits {
      try db.cachedStatement(
        sql: """
          INSERT INTO exploit (finding, row, site, outcome, time) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET outcome = max(outcome, excluded.outcome)
          """
      ).execute(arguments: [
        exploit.finding, exploit.row.id, exploit.row.site, exploit.row.outcome.rank, exploit.time.nanoseconds,
      ])
    }
  }

  private mutating func flush(_ cell: Cell, _ db: Database) throws {
    var values = counts[cell] ?? [:]
    var short = HeavyHitters.shrink(&values)
    for (value, count) in values {
      try db.cachedStatement(
        sql: "INSERT INTO attackHour VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
      ).execute(arguments: [cell.hour, cell.kind.rawValue, value, count])
    }
    short += try AttackTally.shrink(db, cell.hour, cell.kind)
    try db.cachedStatement(
      sql: """
        INSERT INTO attackTotal VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET total = total + excluded.total, short = short + excluded.short
        """
    ).execute(arguments: [cell.hour, cell.kind.rawValue, totals[cell]?.total ?? 0, short])
  }

  /// The same for what the hour has in all, where it has become twice as large as may be.
  private static func shrink(_ db: Database, _ hour: Int64, _ kind: Kind) throws -> Int64 {
    let key: StatementArguments = [hour, kind.rawValue]
    let count =
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) FROM attackHour WHERE hour = ? AND kind = ?"), arguments: key) ?? 0
    guard count > 2 * HeavyHitters.capacity else { return 0 }
    let cut =
      try Int64.fetchOne(
        db.cachedStatement(
          sql: "SELECT count FROM attackHour WHERE hour = ? AND kind = ? ORDER BY count DESC LIMIT 1 OFFSET ?"),
        arguments: key + [HeavyHitters.capacity]) ?? 0
    try db.cachedStatement(sql: "DELETE FROM attackHour WHERE hour = ? AND kind = ? AND count <= ?").execute(
      arguments: key + [cut])
    try db.cachedStatement(sql: "UPDATE attackHour SET count = count - ? WHERE hour = ? AND kind = ?").execute(
      arguments: [cut] + key)
    return cut
  }

  /// Up to the limit; what is left out is counted, so that whoever asks hears that there may be more.
  private func flushReach(_ db: Database, at now: Timestamp) throws {
    for (kind, pairs) in Dictionary(grouping: reach, by: \.key.kind) {
      let before = try Int.fetchOne(
        db.cachedStatement(sql: "SELECT pairs FROM attackReachHeld WHERE kind = ?"), arguments: [kind.rawValue])
      var held = before ?? 0
      var (left, isPruned) = (0, false)
      for (pair, time) in pairs {
        if try AttackTally.renew(db, pair, time.ended) { continue }
        if held >= SituationTable.reachLimit, !isPruned {
          held -= try AttackTally.prune(db, kind, at: now)
          isPruned = true
        }
        guard held < SituationTable.reachLimit else {
          left += 1
          continue
        }
        try db.cachedStatement(sql: "INSERT INTO attackReach VALUES (?, ?, ?, ?, ?)").execute(arguments: [
          kind.rawValue, pair.value, pair.site, time.began.nanoseconds, time.ended.nanoseconds,
        ])
        held += 1
      }
      if held != before {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO attackReachHeld VALUES (?, ?)").execute(arguments: [
          kind.rawValue, held,
        ])
      }
      guard left > 0 else { continue }
      try db.cachedStatement(
        sql: "INSERT INTO attackReachLeft VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET pairs = pairs + excluded.pairs"
      ).execute(arguments: [now.seconds / 3600, kind.rawValue, left])
    }
  }

  /// Whether the pair is held already.
  private static func renew(_ db: Database, _ pair: Reach, _ ended: Timestamp) throws -> Bool {
    try db.cachedStatement(
      sql: "UPDATE attackReach SET ended = max(ended, ?) WHERE kind = ? AND value = ? AND site = ?"
    ).execute(arguments: [ended.nanoseconds, pair.kind.rawValue, pair.value, pair.site])
    return db.changesCount > 0
  }

  /// What has not been seen for a day makes room; how much.
  private static func prune(_ db: Database, _ kind: Kind, at now: Timestamp) throws -> Int {
    try db.execute(
      sql: "DELETE FROM attackReach WHERE kind = ? AND ended < ?",
      arguments: [kind.rawValue, now.advanced(seconds: -SituationTable.reachSeconds).nanoseconds])
    return db.changesCount
  }
}
