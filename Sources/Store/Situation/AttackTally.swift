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
    var cell: Cell
    var value: String
    var site: String
  }
  private struct FindingHour: Hashable {
    var finding: Int64
    var hour: Int64
  }

  private var counts: [Cell: [String: Int64]] = [:]
  private var totals: [Cell: (total: Int64, short: Int64)] = [:]
  private var reach: Set<Reach> = []
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
      reach.insert(Reach(cell: Cell(hour: hour, kind: .source), value: source, site: site))
      reach.insert(Reach(cell: Cell(hour: hour, kind: .technique), value: alert.signature.id, site: site))
    }
    guard let finding = group.weakness else { return }
    let key = FindingHour(finding: finding, hour: hour)
    let before = findings[key]
    findings[key] = ((before?.count ?? 0) + 1, max(before?.outcome ?? .failed, group.row.outcome))
    if group.row.outcome >= .succeeded { exploits.append((finding, group.row, seen)) }
  }

  private mutating func add(_ value: String, _ cell: Cell) {
    counts[cell, default: [:]][value, default: 0] += 1
    totals[cell, default: (0, 0)].total += 1
  }

  // MARK: writing

  mutating func flush(_ db: Database) throws {
    for cell in counts.keys { try flush(cell, db) }
    try flushReach(db)
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

  /// Up to the limit of the hour; what is left out is counted, so that whoever asks hears that there may be more.
  private func flushReach(_ db: Database) throws {
    for (cell, pairs) in Dictionary(grouping: reach, by: \.cell) {
      let key: StatementArguments = [cell.hour, cell.kind.rawValue]
      var held =
        try Int.fetchOne(
          db.cachedStatement(sql: "SELECT pairs FROM attackReachTotal WHERE hour = ? AND kind = ?"), arguments: key)
        ?? 0
      var (added, left) = (0, 0)
      for pair in pairs {
        guard held < SituationTable.reachLimit else {
          left += 1
          continue
        }
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO attackReach VALUES (?, ?, ?, ?)").execute(
          arguments: key + [pair.value, pair.site])
        if db.changesCount > 0 { (held, added) = (held + 1, added + 1) }
      }
      guard added + left > 0 else { continue }
      try db.cachedStatement(
        sql: """
          INSERT INTO attackReachTotal VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET pairs = pairs + excluded.pairs, dropped = dropped + excluded.dropped
          """
      ).execute(arguments: key + [added, left])
    }
  }
}
