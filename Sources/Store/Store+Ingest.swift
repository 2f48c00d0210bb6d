internal import GRDB
package import Records
package import Wire

extension Store {
  /// Stores a batch once: what (source, boot, sequence) names as stored already is acknowledged and not stored
  /// again. After an error nothing of it was stored, and the sender keeps it.
  package func ingest(_ batch: RecordBatch, policy: IngestPolicy, now: Timestamp) throws(StoreError) -> IngestResult {
    try write { db in
      let start = ContinuousClock.now
      let last = try self.storedMark(db, batch.source, batch.boot)
      var pass = IngestPass(store: self, policy: policy, now: now)
      let known = batch.first <= last ? Int(min(last - batch.first + 1, UInt64(batch.records.count))) : 0
      pass.result.duplicates = known
      pass.result.missing = batch.first > last + 1 ? batch.first - last - 1 : 0
      for record in batch.records.dropFirst(known) { try pass.take(record, source: batch.source, db) }
      try pass.finish(db)
      let through = max(last, batch.records.isEmpty ? last : batch.last)
      try self.saveMark(db, batch, through, now)
      pass.result.storedThrough = through
      pass.result.work = start.duration(to: .now)
      return pass.result
    }
  }

  /// Stores EVE lines (masked) with the place that their reader has come to, in one transaction.
  package func ingest(
    eve lines: [[UInt8]], cursor: IngestCursor, policy: IngestPolicy, now: Timestamp
  ) throws(StoreError) -> IngestResult {
    try write { db in
      var pass = IngestPass(store: self, policy: policy, now: now)
      for line in lines {
        try pass.take(BatchRecord(kind: .alert, bytes: line), source: cursor.source, db)
      }
      try pass.finish(db)
      try self.save(cursor, db)
      return pass.result
    }
  }

  /// What is stored of each boot of a source: the hub's welcome.
  package func marks(source: String) throws(StoreError) -> [(boot: UInt64, last: UInt64)] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT boot, last FROM mark WHERE source = ?", arguments: [source]).compactMap { row in
        guard let boot = UInt64(row["boot"] as String) else { return nil }
        return (boot, UInt64(row["last"] as Int64))
      }
    }
  }

  private func storedMark(_ db: Database, _ source: String, _ boot: UInt64) throws -> UInt64 {
    let last = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT last FROM mark WHERE source = ? AND boot = ?"), arguments: [source, String(boot)])
    return last.map { UInt64($0) } ?? 0
  }

  private func saveMark(_ db: Database, _ batch: RecordBatch, _ last: UInt64, _ now: Timestamp) throws {
    guard let last = Int64(exactly: last) else {
      throw StoreError(.internalFault, "a sequence of \(batch.source) is out of range")
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO mark VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET last = excluded.last, time = excluded.time
        """
    ).execute(arguments: [batch.source, String(batch.boot), last, now.nanoseconds])
  }
}

/// One transaction's work: rows are folded in memory and written once each.
struct IngestPass {
  let store: Store
  let policy: IngestPolicy
  let now: Timestamp
  var result = IngestResult()

  private(set) var groups: [FoldKey: AlertGroup] = [:]
  private var order: [FoldKey] = []
  /// Of the rows in `groups`.
  private(set) var keys: [Int64: FoldKey] = [:]
  /// Rows that were looked at and not changed by the pass.
  var read: [Int64: AlertGroup] = [:]
  var kinds: [Int64: RowChange.Kind] = [:]
  var tracks: [GatherKey: GatherTrack] = [:]
  var hidden: [HiddenKey: HiddenCount] = [:]
  /// Alerts that wait for a scanner's word, once somebody has asked.
  private var waiting: Int?
  private var findings: [Int64: QueueRow] = [:]
  private var rules: Set<RuleText> = []
  private var hours: [HourKey: Int64] = [:]
  private var attacks = AttackTally()
  /// Alerts kept of each row by this pass.
  private var kept: [Int64: Int64] = [:]

  private struct HourKey: Hashable {
    var hour: Int64
    var wing: Wing
    var severity: Severity
  }

  init(store: Store, policy: IngestPolicy, now: Timestamp) {
    self.store = store
    self.policy = policy
    self.now = now
  }

  mutating func take(_ record: BatchRecord, source: String, _ db: Database) throws {
    switch record.kind {
    case .alert: try takeAlert(record.bytes, source: source, db)
    case .observation: try decode(Observation.self, record) { try $0.takeObservation($1, db) }
    case .outcome: try decode(ScanOutcome.self, record) { try $0.takeOutcome($1, db) }
    case .coverage:
      try decode(EngineCoverage.self, record) {
        try Store.save($1, db); _ = $0
      }
    case .blindness:
      try decode(BlindInterval.self, record) {
        try Store.keep($1, db)
        $0.result.blindness.append($1)
      }
    case .memory:
      try decode(EngineMemory.self, record) {
        try Store.save($1, db); _ = $0
      }
    case .connection:
      try decode(OwnConnection.self, record) {
        try OwnTable.save($1, db); _ = $0
      }
    case .rule:
      try decode(RuleText.self, record) { try RuleTextTable.save($1, db, at: $0.now) }
    case .sighting:
      try decode(Sighting.self, record) { try Store.save($1, $0.policy.proposals($1), db) }
    default: refuse("a record of an unknown kind, \(record.kind.rawValue)")
    }
  }

  private mutating func refuse(_ reason: String) {
    result.unreadable += 1
    result.firstReason = result.firstReason ?? reason
  }

  private mutating func decode<T: Decodable>(
    _ type: T.Type, _ record: BatchRecord, _ body: (inout IngestPass, T) throws -> Void
  ) throws {
    guard let value = try? RecordJSON.decode(type, from: record.bytes) else {
      return refuse("not a \(type) of \(record.bytes.count) bytes")
    }
    try body(&self, value)
  }

  // MARK: alerts

  private mutating func takeAlert(_ bytes: [UInt8], source: String, _ db: Database) throws {
    var rule: RuleText?
    let reading = unsafe bytes.withUnsafeBytes { line in unsafe AlertRecord.read(eve: line) { rule = $0 } }
    switch reading {
    case .other: return
    case .broken(let reason): refuse(reason)
    case .alert(var alert):
      alert.context.sensor = alert.context.sensor ?? source
      if let rule { try note(rule, db) }
      if let id = policy.canary(alert) {
        return result.canaries.append(.init(id: id, packet: alert.timestamp, sensor: alert.context.sensor))
      }
      guard alert.signature.gid != Drill.gid || source == "hub" else {
        return refuse("an alert of a drill that \(source) made, and not the hub")
      }
      result.alerts += 1
      var owner = policy.ownerOfAlert(alert)
      if policy.mayBeOwn(alert, owner) {
        owner.isOwn = try OwnTable.isOwn(alert, db) ? true : nil
        if owner.isOwn == nil, try wait(bytes, source: source, db) { return }
      }
      try enter(alert, owner, db)
    }
  }

  /// Keeps the text of a rule that came with its alerts, once a pass.
  private mutating func note(_ rule: RuleText, _ db: Database) throws {
    if rules.insert(rule).inserted { try RuleTextTable.save(rule, db, at: now) }
  }

  /// False where too many wait already.
  private mutating func wait(_ bytes: [UInt8], source: String, _ db: Database) throws -> Bool {
    let count = try waiting ?? OwnTable.waiting(db)
    guard count < OwnTable.mostWaiting else { return false }
    waiting = count + 1
    try OwnTable.wait(bytes, source: source, until: now.advanced(seconds: OwnTable.waitSeconds), db)
    return true
  }

  private mutating func enter(_ alert: AlertRecord, _ owner: SiteAttribution, _ db: Database) throws {
    var alert = alert
    alert.client = owner.client
    let row = try fold(alert, owner, db)
    try keep(alert, row: row, db)
  }

  /// Whether the alert waits no more: it is of our own connection, or its time has come.
  mutating func settle(_ bytes: [UInt8], source: String, due: Int64, _ db: Database) throws -> Bool {
    guard case .alert(var alert) = unsafe bytes.withUnsafeBytes({ unsafe AlertRecord.read(eve: $0) }) else {
      return true
    }
    alert.context.sensor = alert.context.sensor ?? source
    let isOwn = try OwnTable.isOwn(alert, db)
    guard isOwn || now.nanoseconds >= due else { return false }
    var owner = policy.ownerOfAlert(alert)
    owner.isOwn = isOwn ? true : nil
    result.alerts += 1
    try enter(alert, owner, db)
    return true
  }

  /// The id of the alert's row.
  private mutating func fold(_ alert: AlertRecord, _ owner: SiteAttribution, _ db: Database) throws -> Int64 {
    let owner = hiding(alert, owner)
    let key = owner.alertKey(rule: alert.signature.id)
    let before = try groups[key] ?? QueueTable.latest(db, key) { try QueueTable.group($0, store.bodies) }
    var after = store.rules.absorbAlert(alert, owner, before, now)
    let isMade = after.row.id == 0
    try limit(&after, before: before, alert, owner, db)
    if isMade {
      if let before, groups[key] != nil { try flush(before, db) }
      after.row.key = key
      // The end of the pass writes the body.
      after.row.id = try QueueTable.save(db, after.row, body: "{}", at: now)
      kinds[after.row.id] = .made
    } else if before?.row.triage.state != .new && after.row.triage.state == .new
      || before?.row.place == .suppressed && after.row.place == .shown
    {
      kinds[after.row.id] = kinds[after.row.id] ?? .returned
    }
    countHidden(after, alert, isMade: isMade)
    hold(after)
    // An exercise is in no picture and no figure.
    guard !after.row.isDrill else { return after.row.id }
    try sense(alert, owner, key, isMade: isMade, db)
    guard owner.isOwn != true else { return after.row.id }
    attacks.note(alert, from: owner.remote?.description, owner, into: after, at: now)
    hours[
      HourKey(hour: alert.timestamp.seconds / 3600, wing: .sensor, severity: alert.signature.severity), default: 0] += 1
    return after.row.id
  }

  mutating func hold(_ group: AlertGroup) {
    if let held = groups[group.row.key] { keys[held.row.id] = nil } else { order.append(group.row.key) }
    groups[group.row.key] = group
    keys[group.row.id] = group.row.key
    read[group.row.id] = nil
  }

  mutating func flush(_ group: AlertGroup, _ db: Database) throws {
    read[group.row.id] = nil
    let body = try QueueTable.body(group)
    _ = try QueueTable.save(db, group.row, body: body, at: now)
    store.bodies.note(group.row.id, body, group)
    result.changes.append(RowChange(kind: kinds[group.row.id] ?? .changed, row: group.row))
  }

  private mutating func keep(_ alert: AlertRecord, row: Int64, _ db: Database) throws {
    kept[row, default: 0] += 1
    let text = try alert.raw ?? RecordJSON.text(alert)
    try db.cachedStatement(sql: "INSERT INTO alert (row, time, isEVE, text, client) VALUES (?, ?, ?, ?, ?)").execute(
      arguments: [row, alert.timestamp.nanoseconds, alert.raw != nil, text, alert.client?.description])
  }

  // MARK: scans

  /// An observation that moves no finding is not kept: what it says of its check is in the coverage, and a site that
  /// is looked at every minute would fill the store with *no*. What each engine last said of a finding is kept anyway.
  private mutating func takeObservation(_ observation: Observation, _ db: Database) throws {
    result.observations += 1
    let owner = policy.ownerOfObservation(observation)
    let key = FoldKey.finding(observation, owner)
    var before = try QueueTable.latest(db, key) { try QueueTable.finding($0) }
    if let id = before?.row.id { before?.answers = try AnswerTable.answers(db, row: id, place: owner.place) }
    guard var after = store.rules.absorbObservation(observation, owner, before, now) else { return }
    after.row.key = key
    let isMade = after.row.id == 0
    if !isMade, after.isSame(asIn: before) { return try AnswerTable.save(db, after, over: before) }
    after.row.id = try QueueTable.save(db, after.row, body: QueueTable.body(after), at: now)
    try AnswerTable.save(db, after, over: isMade ? nil : before)
    try FindingTable.follow(db, after, over: before, at: now)
    note(after.row, isMade: isMade, before: before?.row)
    try db.cachedStatement(sql: "INSERT INTO observation (row, time, site, json) VALUES (?, ?, ?, ?)").execute(
      arguments: [after.row.id, observation.time.nanoseconds, owner.site, RecordJSON.text(observation)])
  }

  private mutating func note(_ row: QueueRow, isMade: Bool, before: QueueRow?) {
    if isMade {
      kinds[row.id] = .made
      hours[HourKey(hour: row.lastSeen.seconds / 3600, wing: .scanner, severity: row.severity), default: 0] += 1
    } else if before?.triage.state != .new, row.triage.state == .new {
      kinds[row.id] = kinds[row.id] ?? .returned
    }
    findings[row.id] = row
  }

  /// An outcome like the one before of the same engine and site takes its place: kept are the changes, and the newest.
  private mutating func takeOutcome(_ outcome: ScanOutcome, _ db: Database) throws {
    result.outcomes.append(outcome)
    try RetestTable.hear(db, outcome)
    let last = try Row.fetchOne(
      db.cachedStatement(
        sql: "SELECT id, json FROM outcome WHERE site IS ? AND engine = ? ORDER BY id DESC LIMIT 1"),
      arguments: [outcome.site, outcome.engine])
    if let last, let known = try? RecordJSON.decode(ScanOutcome.self, from: last["json"] as String),
      (known.status, known.reason, known.source) == (outcome.status, outcome.reason, outcome.source)
    {
      return try db.cachedStatement(sql: "UPDATE outcome SET ended = ?, json = ? WHERE id = ?").execute(arguments: [
        outcome.ended.nanoseconds, RecordJSON.text(outcome), last["id"] as Int64,
      ])
    }
    try db.cachedStatement(sql: "INSERT INTO outcome (site, engine, status, ended, json) VALUES (?, ?, ?, ?, ?)")
      .execute(arguments: [
        outcome.site, outcome.engine, outcome.status.rawValue, outcome.ended.nanoseconds, RecordJSON.text(outcome),
      ])
  }

  // MARK: the end

  mutating func finish(_ db: Database) throws {
    for key in order {
      if let group = groups[key] { try flush(group, db) }
    }
    for (id, count) in kept {
      try db.cachedStatement(sql: "UPDATE queueRow SET alertsKept = alertsKept + ? WHERE id = ?").execute(
        arguments: [count, id])
    }
    for (id, row) in findings.sorted(by: { $0.key < $1.key }) {
      result.changes.append(RowChange(kind: kinds[id] ?? .changed, row: row))
    }
    for (key, count) in hours {
      try db.cachedStatement(
        sql: "INSERT INTO hourCount VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
      ).execute(arguments: [key.hour, key.wing.rawValue, key.severity.rank, count])
    }
    try attacks.flush(db, at: now)
    try saveTracks(db)
    try saveHidden(db)
    for change in result.changes where change.row.place == .shown {
      if change.kind == .returned { try Store.noteReturn(change.row, db, at: now) }
      for entry in policy.notices(change) { try Store.add(entry, db) }
    }
  }
}
