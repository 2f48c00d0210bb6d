internal import GRDB
internal import Records
internal import Wire

/// Findings of the first release in today's form: keys by the forms of today, and each engine's last word, out of the
/// observations that are kept, else out of the finding itself.
enum FindingMigration {
  static func run(_ db: Database) throws {
    var newest: [FoldKey: Int64] = [:]
    let ids = try Int64.fetchAll(db, sql: "SELECT id FROM queueRow WHERE wing = 'scanner' ORDER BY id")
    for id in ids {
      var finding = try QueueTable.finding(QueueTable.row(db, id: id))
      let answers = try words(db, finding)
      for answer in answers { try AnswerTable.save(db, answer, row: id) }
      finding.recount(answers)
      finding.row.key = key(finding)
      try db.execute(
        sql: "UPDATE queueRow SET key = ?, body = ? WHERE id = ?",
        arguments: [finding.row.key.rawValue, QueueTable.body(finding), id])
      if let older = newest.updateValue(id, forKey: finding.row.key) { try unite(db, older, into: id) }
    }
  }

  /// Two rows that were apart by the way their place was written are one now: what lives in the older goes on in the
  /// newer. A verified one stays: it is the same weakness of an earlier time.
  private static func unite(_ db: Database, _ older: Int64, into newer: Int64) throws {
    var old = try QueueTable.finding(QueueTable.row(db, id: older))
    guard old.state.isLive else { return }
    var finding = try QueueTable.finding(QueueTable.row(db, id: newer))
    finding.answers = try AnswerTable.answers(db, row: newer)
    for answer in try AnswerTable.answers(db, row: older) {
      _ = finding.hear(answer)
      finding.engines[answer.engine] = max(finding.engines[answer.engine] ?? 0, answer.confidence)
    }
    finding.row.count += old.row.count
    finding.row.firstSeen = min(finding.row.firstSeen, old.row.firstSeen)
    if finding.state == .verified, finding.showing > 0 { finding.row.findingState = .reopened }
    for answer in finding.answers { try AnswerTable.save(db, answer, row: newer) }
    try AnswerTable.remove(db, row: older)
    old.row.findingState = .moved
    old.recount([])
    for value in [finding, old] { try write(db, value) }
  }

  /// By the columns that the table had then.
  private static func write(_ db: Database, _ finding: Finding) throws {
    let row = finding.row
    try db.execute(
      sql: "UPDATE queueRow SET count = ?, firstSeen = ?, findingState = ?, body = ? WHERE id = ?",
      arguments: [
        row.count, row.firstSeen.nanoseconds, row.findingState?.rawValue, QueueTable.body(finding), row.id,
      ])
    try PostureLog.note(db, row, at: row.lastSeen)
  }

  private static func key(_ finding: Finding) -> FoldKey {
    .finding(
      site: place(finding), weakness: finding.weakness, scheme: finding.target.scheme, host: finding.target.host,
      port: finding.target.port, path: finding.path, parameter: finding.parameter)
  }

  private static func place(_ finding: Finding) -> String { finding.row.site ?? finding.row.subject }

  /// What the finding knows of its engines counts; the observations add when, with what evidence and by which version.
  private static func words(_ db: Database, _ finding: Finding) throws -> [EngineAnswer] {
    var heard: [String: EngineAnswer] = [:]
    let kept = try String.fetchCursor(
      db, sql: "SELECT json FROM observation WHERE row = ? ORDER BY time, id", arguments: [finding.row.id])
    while let json = try kept.next() {
      guard let observation = try? RecordJSON.decode(Observation.self, from: json) else { continue }
      let word = EngineAnswer(observation, place: place(finding), at: observation.time)
      heard[word.engine] = heard[word.engine].map(word.following) ?? word
    }
    return finding.engines.sorted { $0.key < $1.key }.map { engine, confidence in
      let stands = (finding.standing[engine] ?? 0) > 0
      if let word = heard[engine], word.holds == stands, word.hasAffirmed { return word }
      return word(finding, engine, confidence, stands)
    }
  }

  private static func word(_ finding: Finding, _ engine: String, _ confidence: Int, _ stands: Bool) -> EngineAnswer {
    let time = stands ? finding.row.lastSeen : finding.verifiedAt ?? finding.row.lastSeen
    let observation = Observation(
      time: time, engine: engine, engineVersion: "", check: finding.weakness, title: finding.row.title,
      severity: finding.row.severity, site: finding.row.site, target: finding.target, answer: stands ? .yes : .no,
      evidence: stands ? finding.evidence : "", confidence: confidence)
    var word = EngineAnswer(observation, place: place(finding), at: time)
    word.hasAffirmed = true
    return word
  }
}
