internal import GRDB
package import Records
package import Wire

/// Findings with the words of their engines, and what was seen of them when.
extension Store {
  /// Of rows of the scanner's, in the order asked for.
  package func findings(_ ids: [Int64], answers limit: Int = Finding.answersShown) throws(StoreError) -> [Finding] {
    try read { db in
      try ids.compactMap { id in
        guard
          let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM queueRow WHERE id = ?"), arguments: [id]),
          Wing(rawValue: row["wing"]) == .scanner
        else { return nil }
        return try Store.finding(db, row, answers: limit)
      }
    }
  }

  static func finding(_ db: Database, _ row: Row, answers limit: Int = Finding.answersShown) throws -> Finding {
    var finding = try QueueTable.finding(row)
    finding.answers = try AnswerTable.answers(db, row: finding.row.id, limit: limit)
    return finding
  }

  /// Whether engines of `site` ever said *yes* of the row.
  package func isTold(row: Int64, at site: String) throws(StoreError) -> Bool {
    try read { db in try AnswerTable.answers(db, row: row, place: site).contains(where: \.hasAffirmed) }
  }

  /// What was seen of a row up to two moments.
  package struct Sights: Sendable, Hashable {
    /// The last *yes* up to the end, and of the same engine and place the last up to the beginning.
    package var before: Observation?
    package var after: Observation?
    /// When an engine last said *yes* or *no* between; nil: nobody looked.
    package var looked: Timestamp?
  }

  /// Kept observations are read, at most so many: one a scan.
  private static let sightLimit = 5_000

  package func sights(of row: Int64, since: Timestamp, until: Timestamp) throws(StoreError) -> Sights {
    try read { db in
      let kept = try String.fetchCursor(
        db, sql: "SELECT json FROM observation WHERE row = ? AND time <= ? ORDER BY time DESC, id DESC LIMIT ?",
        arguments: [row, until.nanoseconds, Store.sightLimit])
      var sights = Sights()
      while sights.before == nil, let json = try kept.next() {
        let observation = try RecordJSON.decode(Observation.self, from: json)
        if observation.time > since { sights.looked = max(sights.looked ?? observation.time, observation.time) }
        guard observation.answer == .yes else { continue }
        if sights.after == nil { sights.after = observation }
        if observation.time <= since, sights.after.map({ $0.isSameLook(as: observation) }) ?? false {
          sights.before = observation
        }
      }
      // What changed nothing was not kept as an observation; the last word says when it was spoken.
      let spoken = try Int64.fetchOne(
        db, sql: "SELECT max(sure) FROM answer WHERE row = ? AND sure > ? AND sure <= ?",
        arguments: [row, since.nanoseconds, until.nanoseconds])
      if let spoken {
        sights.looked = max(sights.looked ?? Timestamp(nanoseconds: spoken), Timestamp(nanoseconds: spoken))
      }
      return sights
    }
  }

  // MARK: verdicts

  /// Every row that is kept and that an analyst judged last so, out of the audit log: a row that came back later was
  /// judged nevertheless, an act that was undone was none.
  package func judgedRows() throws(StoreError) -> [JudgedRow] {
    try read { db in
      var verdicts: [Int64: Verdict] = [:]
      let acts = try Row.fetchCursor(
        db, sql: "SELECT subject, act, before, after FROM audit WHERE act IN ('close', 'undo') ORDER BY id")
      while let entry = try acts.next() {
        guard let id = Int64((entry["subject"] as String).dropFirst("queue/".count)) else { continue }
        if entry["act"] as String == "close" {
          verdicts[id] = try Store.triage(entry["after"])?.verdict
        } else if try Store.triage(entry["before"])?.state == .closed {
          verdicts[id] = nil
        }
      }
      return try verdicts.sorted { $0.key < $1.key }.compactMap { id, verdict in
        let kept = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM queueRow WHERE id = ?"), arguments: [id])
        guard let kept else { return nil }
        let row = QueueTable.row(kept)
        guard !row.isDrill else { return nil }
        let engines = row.wing == .scanner ? try QueueTable.finding(kept).engines : [:]
        // A tool or a storm is of no one rule.
        if let axis = row.gathering?.axis, axis == .tool || axis == .storm { return nil }
        return JudgedRow(wing: row.wing, check: row.check, engines: engines, verdict: verdict)
      }
    }
  }

  private static func triage(_ json: String?) throws -> Triage? {
    try json.map { try RecordJSON.decode(Triage.self, from: $0) }
  }
}

extension Observation {
  /// Of one engine at one place: only then does other evidence mean a change.
  fileprivate func isSameLook(as other: Observation) -> Bool {
    engine == other.engine && site == other.site && target.host == other.target.host
  }
}
